"""Bulletins as they are listed, worded, approved and published: figures stand as they were frozen, an office's words beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.publication import BulletinDraft, DraftState
from reports.bulletin import BUCKETS, Bulletin
from reports.bulletin_check import COMPREHENSIVE_MOST, SPECIAL_MOST, characters_of, remarks_on
from reports.bulletin_edits import PICK_GOOD, PICK_PROBLEMS, SECTIONS, Edits, boxes, picks_of, proposed_texts, read_sections, sentences_of
from reports.bulletin_paper import bulletin_paper
from reports.imprint import PREVIEW
from rules.periods import Period
from rules.texts import _
from rules.words import bucket_word, day_words, period_words
from services.bulletins.drafting import approval_sha256, bulletin_of, edits_of
from services.keyset import KeyPage
from services.papers.filing import Archived
from services.papers.sending import PostingPlan
from web.forms import SentForm
from web.office_views import Ask, Choice, Entry, Fact, Listing, posting_lines, remark_lines
from web.rendering import url
from web.words import size_words

_LISTS = ("to", "copies_to", "contact")
_SHOWN_PICKS = {PICK_GOOD: "good", PICK_PROBLEMS: "problems"}


@dataclass(frozen=True)
class BulletinsPage:
    """The bulletins: those in hand, those published, and the form that begins one."""

    drafts: Listing
    published: Listing
    can_draft: bool
    periods: tuple[tuple[str, str], ...]
    plans: tuple[tuple[int, str], ...]
    period: str


@dataclass(frozen=True)
class Passage:
    """One sentence or paragraph that can be worded anew; `proposed` is what the figures say by themselves."""

    name: str
    label: str
    text: str
    proposed: str
    is_edited: bool


@dataclass(frozen=True)
class SectionEditor:
    """A section of the bulletin with its passages and what can be picked for it."""

    heading: str
    passages: tuple[Passage, ...]
    picks: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class DraftPage:
    """A bulletin in the making. `shown` is the hash of what is shown, so that an act is on exactly that."""

    id: int
    facts: tuple[Fact, ...]
    figures: tuple[tuple[str, str, str, str], ...]
    sections: tuple[SectionEditor, ...]
    to: str
    copies_to: str
    contact: str
    length: str
    remarks: tuple[str, ...]
    shown: str
    can_edit: bool
    can_approve: bool
    can_publish: bool


@dataclass(frozen=True)
class PublishedPage:
    """A published bulletin with its files. `can_correct`: this visitor may draft a correction."""

    id: int
    facts: tuple[Fact, ...]
    files: tuple[tuple[str, str], ...]
    has_paper: bool
    can_correct: bool
    period: str
    plan: int | None


def bulletins_page(
    drafts: Sequence[BulletinDraft],
    published: tuple[KeyPage[Archived], Mapping[int, str]],
    choices: tuple[Sequence[Period], Sequence[tuple[int, str]]],
    *,
    can_draft: bool,
) -> BulletinsPage:
    """Return the list. `published` are a page of the archive and the numbers of those corrected; `choices` the periods and plans that a new draft may be about."""
    page, named = published
    periods, plans = choices
    return BulletinsPage(
        drafts=Listing((_("通报稿"), _("范围"), _("拟稿"), _("状态")), tuple(map(_draft_row, drafts)), _("没有在办的通报稿。")),
        published=Listing(
            (_("期号"), _("期间"), _("范围"), _("印发"), _("更正")),
            tuple(_paper_row(one, named.get(one.corrects_id or 0, "")) for one in page.rows),
            _("还没有印发过通报。"),
            more=url("/bulletins", after=page.next) if page.next else "",
        ),
        can_draft=can_draft,
        periods=tuple((one.code, period_words(one.code)) for one in periods),
        plans=((0, _("全部计划")), *plans),
        period=periods[0].code if periods else "",
    )


def _draft_row(draft: BulletinDraft) -> tuple[Entry, ...]:
    drafted = _("{day}由 {name} 拟").format(day=day_words(draft.drafted_on), name=draft.drafter)
    name = _("{period}通报").format(period=period_words(draft.period))
    correction = _("更正") if draft.corrects_id else ""
    return (
        Entry(name, f"/bulletins/drafts/{draft.id}", note=correction),
        Entry(_scope(draft.scope)),
        Entry(drafted),
        Entry(state_words(draft)),
    )


def _paper_row(paper: Archived, corrected: str) -> tuple[Entry, ...]:
    return (
        Entry(paper.doc_no, f"/bulletins/{paper.id}"),
        Entry(period_words(paper.period)),
        Entry(_scope(paper.scope)),
        Entry(day_words(paper.published_on)),
        Entry(_("更正 {doc_no}").format(doc_no=corrected) if corrected else "—"),
    )


def _scope(scope: str) -> str:
    if scope == "all":
        return _("全部计划")
    return _("第 {ids} 号计划").format(ids=_("、").join(scope.removeprefix("plan-").split("-")))


def state_words(draft: BulletinDraft) -> str:
    """Return how far a draft has got."""
    return {
        DraftState.DRAFT: _("等待批准"),
        DraftState.APPROVED: _("已批准，等待印发"),
        DraftState.PUBLISHED: _("已印发"),
        DraftState.DISCARDED: _("不用"),
    }[draft.state]


def draft_page(draft: BulletinDraft, edits: Edits | None, *, may_edit: bool, may_approve: bool) -> DraftPage:
    """Return the page of a draft, with these words (None: as they are kept)."""
    bulletin, words = bulletin_of(draft), edits or edits_of(draft)
    is_open = draft.state in (DraftState.DRAFT, DraftState.APPROVED)
    texts, sections = proposed_texts(bulletin, words), tuple(_sections(bulletin, words))
    return DraftPage(
        id=draft.id or 0,
        facts=_facts(draft),
        figures=_figures(bulletin),
        sections=sections,
        to=texts["to"],
        copies_to=texts["copies_to"],
        contact=texts["contact"],
        length=_length(bulletin, words),
        remarks=tuple(_placed(one.words, sections) for one in remarks_on(bulletin, words)),
        shown=approval_sha256(draft),
        can_edit=is_open and may_edit,
        can_approve=draft.state is DraftState.DRAFT and may_approve,
        can_publish=draft.state is DraftState.APPROVED and may_approve,
    )


def _placed(remark: str, sections: Sequence[SectionEditor]) -> str:
    """Return a remark with the passage it is about named as the page names it."""
    for section in sections:
        for passage in section.passages:
            key = passage.name.removeprefix("text.")
            remark = remark.replace(f"“{key}”", _("“{section}”{passage}").format(section=section.heading, passage=passage.label))
    return remark


def _facts(draft: BulletinDraft) -> tuple[Fact, ...]:
    approved = _("{day} {who}").format(day=day_words(draft.approved_on), who=draft.approver) if draft.approved_on and draft.approver else ""
    facts = (
        Fact(_("期间"), period_words(draft.period)),
        Fact(_("范围"), _scope(draft.scope)),
        Fact(_("拟稿"), _("{day} {who}").format(day=day_words(draft.drafted_on), who=draft.drafter)),
        Fact(_("更正的原因"), draft.reason),
        Fact(_("状态"), state_words(draft)),
        Fact(_("批准人和日期"), approved),
    )
    return tuple(one for one in facts if one.text)


def _figures(bulletin: Bulletin) -> tuple[tuple[str, str, str, str], ...]:
    rows = [
        (
            bucket_word(name),
            str(getattr(bulletin.totals, name)),
            f"{getattr(bulletin.shares, name):.1f}%",
            _change(getattr(bulletin.change, name)),
        )
        for name in BUCKETS
    ]
    return ((_("任务合计"), str(bulletin.totals.tasks), "100.0%", _change(bulletin.change.tasks)), *rows)


def _change(number: int) -> str:
    return f"{number:+d}" if number else "0"


def _sections(bulletin: Bulletin, edits: Edits) -> list[SectionEditor]:
    headings = {
        "lead": _("开头"),
        "overall": _("总体情况"),
        "good": _("进展较好"),
        "lagging": _("进展滞后"),
        "problems": _("存在问题"),
        "next": _("下一步要求"),
    }
    picked = {"good": PICK_GOOD, "problems": PICK_PROBLEMS}
    found = []
    for section, told in sentences_of(bulletin, edits).items():
        plain = {one.key: one.text for one in told} | ({f"{section}.more": ""} if section in SECTIONS else {})
        passages = tuple(
            Passage(f"text.{key}", _passage_word(text, number), edits.texts.get(key, text), text, key in edits.texts)
            for number, (key, text) in enumerate(plain.items(), start=1)
        )
        picks = _picks(bulletin, edits, picked[section]) if section in picked else ()
        found.append(SectionEditor(headings[section], passages, picks))
    return found


def _passage_word(proposed: str, number: int) -> str:
    return _("第 {number} 段").format(number=number) if proposed else _("另加一段")


def _picks(bulletin: Bulletin, edits: Edits, key: str) -> tuple[Choice, ...]:
    name = _SHOWN_PICKS[key]
    return tuple(Choice(name, one, text, is_on) for one, (text, is_on) in picks_of(bulletin, edits, key).items())


def _length(bulletin: Bulletin, edits: Edits) -> str:
    count = characters_of(bulletin_paper(bulletin, PREVIEW, edits))
    most = SPECIAL_MOST if len(bulletin.plans) == 1 else COMPREHENSIVE_MOST
    return _("正文 {count} 字，不超过 {most} 字").format(count=count, most=most)


def edits_sent(draft: BulletinDraft, sent: SentForm) -> Edits:
    """Return the office's part of a draft as it was typed. Code: unknown-edit-key."""
    bulletin, before = bulletin_of(draft), edits_of(draft)
    sections: dict[str, tuple[int, str]] = {}
    for key in proposed_texts(bulletin, before):
        name = key if key in _LISTS else f"text.{key}"
        if name in sent.fields:
            sections[key] = (0, sent.text(name))
    for key, name in _SHOWN_PICKS.items():
        chosen = set(sent.texts(name))
        if f"{name}-shown" in sent.fields:
            sections[key] = (0, boxes({one: (text, one in chosen) for one, (text, _was) in picks_of(bulletin, before, key).items()}))
    return read_sections(bulletin, before, sections)


def publish_ask(draft: BulletinDraft, title: str, postings: PostingPlan, shown: str) -> Ask:
    """Return the page that asks once more before a bulletin is published; `shown` is the hash of what was looked at."""
    base = f"/bulletins/drafts/{draft.id}"
    return Ask(
        heading=title,
        sentences=(title, _("确认以后编号、冻结数字、存档，记入台账；以后只能更正，不能收回。")),
        recipients=posting_lines(postings),
        remarks=remark_lines(postings.remarks),
        action=f"{base}/publish",
        paper=f"{base}/paper",
        yes=_("确认印发"),
        back=base,
        fields=(("shown", shown),),
        choice=_("印发后发给以上各方"),
    )


def published_page(paper: Archived, sizes: dict[str, int], *, can_correct: bool) -> PublishedPage:
    """Return the page of a published bulletin; `sizes` are those of its files in bytes."""
    facts = (
        Fact(_("期号"), paper.doc_no),
        Fact(_("期间"), period_words(paper.period)),
        Fact(_("范围"), _scope(paper.scope)),
        Fact(_("印发"), day_words(paper.published_on)),
    )
    plan = paper.scope.removeprefix("plan-")
    files = tuple((name, size_words(sizes[name]) if name in sizes else "") for name in paper.files)
    has_paper = any(name.endswith(".html") for name in paper.files)
    return PublishedPage(paper.id, facts, files, has_paper, can_correct, paper.period, int(plan) if plan.isdigit() else None)
