"""The return slip behind a paper to a unit: what we know stands in it, the rest is filled in by hand and sent back."""

from reports.paper import Annex, Blank, Slip
from rules.texts import _


def return_slip(known: tuple[tuple[str, str], ...], answer_lines: int = 8) -> Annex:
    """Return the slip as an annex; `known` are the fields that are filled in already."""
    rows = (
        *((Blank(label, words),) for label, words in known),
        (Blank(_("签收人")), Blank(_("签收时间"))),
        (Blank(_("承办人")), Blank(_("联系电话"))),
        (Blank(_("办理意见"), lines=answer_lines),),
        (Blank(_("负责人签字"), lines=2), Blank(_("单位盖章"), lines=2)),
    )
    return Annex(_("回执"), (Slip(_("回执"), rows, _("说明：收到当日填写签收栏并退回；办理意见可另附书面材料。")),))
