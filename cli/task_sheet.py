"""A task on paper: its sheet, its requests and its history, as `duban task show` prints them."""

from collections.abc import Sequence

from cli.handing_down import print_children, print_parts
from cli.milestones import print_criterion, print_milestones, print_progress, print_targets
from cli.output import print_table, say
from notify.office_wording import message_state_word
from rules.requests import kind_name, request_state_name, terms_words
from rules.texts import _
from rules.transitions import state_name
from rules.words import channel_word, light_word
from services.act_names import act_name
from services.chronology import ActLine
from services.queries import TaskSheet
from services.request_list import RequestRow


def print_sheet(sheet: TaskSheet) -> None:
    """Print a task with its light and why, its units, targets and last words."""
    row = sheet.row
    say(_("任务 {id}　{title}（{label}）　《{plan}》").format(id=row.id, title=row.title, label=row.label, plan=sheet.plan))
    say(sheet.text)
    say(
        _("{state}　{light}　{starts_on} 至 {due_on}").format(
            state=state_name(row.state), light=light_word(row.light), starts_on=row.starts_on, due_on=row.due_on
        )
    )
    for why in row.why:
        say(f"  · {why}")
    print_table([_("单位"), _("分工")], [(unit.name, _role_name(unit.role)) for unit in sheet.units])
    print_progress(row.pace, row.reached)
    print_targets(sheet.targets)
    print_milestones(sheet.milestones)
    print_criterion(sheet.criterion)
    for head, text in ((_("最近进展"), sheet.last_text), (_("存在问题"), sheet.problem), (_("下步打算"), sheet.next_step)):
        if text:
            say(_("{name}：{place}").format(name=head, place=text))
    print_parts(sheet.parts)
    print_children(sheet.children)


def _role_name(role: str) -> str:
    return {"lead": _("牵头"), "support": _("配合"), "responsible": _("责任")}[role]


def print_requests(requests: Sequence[RequestRow]) -> None:
    """Print the requests on a task, whatever became of them; nothing where there are none."""
    if not requests:
        return
    rows = [(row.id, kind_name(row.kind), row.filed_on, row.reason, terms_words(row.wanted), answer_words(row)) for row in requests]
    print_table([_("申请"), _("种类"), _("提出日期"), _("理由"), _("请求"), _("答复")], rows)


def answer_words(row: RequestRow) -> str:
    """Return what became of a request: its state, the values granted, and the words of the decision."""
    said = [request_state_name(row.state), terms_words(row.granted), row.decision]
    return _("；").join(words for words in said if words)


def print_history(lines: Sequence[ActLine]) -> None:
    """Print every act on a task; nothing where none is asked for."""
    if lines:
        rows = [(line.acted_on, act_name(line.act), line.actor, _("；").join([*line.sentences, *_sent_words(line)])) for line in lines]
        print_table([_("日期"), _("事由"), _("办理人"), _("内容")], rows)


def _sent_words(line: ActLine) -> list[str]:
    """Return to whom the act's messages went, with how far each has got."""
    text = _("{name}（{channel}，{state}）")
    return [text.format(name=one.name, channel=channel_word(one.channel), state=message_state_word(one.state)) for one in line.messages]
