"""How the program itself stands, for its administrators: the scheduler and its flows, where messages and bulletins go; and one sentence of it for the offices."""

from dataclasses import dataclass
from datetime import date

from models.notice import MessageState
from rules.texts import _
from rules.words import day_words, period_words
from runtime.flow_board import BoardView, FlowBoard, FlowLine, SchedulerState
from runtime.operators import Failure, failures
from runtime.settings import Settings
from services.house_state import HouseState
from web import words
from web.views import Cell, Section, Table

_NOTHING = Cell("—", "soft")


@dataclass(frozen=True)
class Machine:
    """What the page is made from: the house's state, the scheduler's board, and the settings that say where things lie."""

    state: HouseState
    board: BoardView
    settings: Settings


def system_page(machine: Machine) -> tuple[Section, ...]:
    """Return the sections of the page."""
    return (_flows(machine), _papers(machine))


def state_words(board: FlowBoard) -> Cell:
    """Return the scheduler's state in a sentence, for pages of those who need not know more."""
    return Cell(words.scheduler_words(board.view.state), _tone(board.view.state))


def _tone(state: SchedulerState) -> str:
    return {SchedulerState.READY: "green", SchedulerState.DEGRADED: "red"}.get(state, "soft")


def _flows(machine: Machine) -> Section:
    board = machine.board
    untold = [Cell(_failure_words(failure), "red", failure.words) for failure in failures(machine.settings) if not failure.is_over]
    notes = (Cell(words.scheduler_words(board.state), _tone(board.state), board.problem), *untold)
    lines = board.lines or tuple(FlowLine(flow) for flow in sorted(machine.state.slots, reverse=True))
    columns = (_("流程"), _("下次运行"), _("上次运行"), _("最近办理"))
    rows = tuple(_flow_row(line, machine.state) for line in lines)
    return Section("flows", _("自动流程"), notes, (Table(columns, rows, _("时间表排定以后，这里列出各流程。")),))


def _failure_words(failure: Failure) -> str:
    flow, day = words.flow_word(failure.flow), day_words(date.fromisoformat(failure.day))
    if not failure.untold:
        return _("“{flow}”{day}没有办成，已告诉运维人员。").format(flow=flow, day=day)
    return _("“{flow}”{day}没有办成，也没能告诉运维人员（{why}）。").format(flow=flow, day=day, why=failure.untold)


def _flow_row(line: FlowLine, state: HouseState) -> tuple[Cell, ...]:
    last = words.moment_words(line.last_at) if line.last_at else None
    ending = _("：").join(part for part in (words.ending_word(line.last_state or ""), line.last_message) if part)
    is_bad = line.last_state in ("Failed", "Crashed")
    slot = state.slots.get(line.flow)
    return (
        Cell(words.flow_word(line.flow)),
        Cell(words.moment_words(line.next_at)) if line.next_at else Cell(_("未排定"), "soft"),
        Cell(last, "red" if is_bad else "", ending) if last else _NOTHING,
        Cell(words.slot_name(slot.slot), note=words.slot_word(slot.state)) if slot else _NOTHING,
    )


def _papers(machine: Machine) -> Section:
    settings, state = machine.settings, machine.state
    way = (
        _("催办经邮件服务器 {server} 发出。").format(server=settings.smtp_host)
        if settings.smtp_host
        else _("没有设置邮件服务器：催办写成 .eml 文件，放在 {folder}").format(folder=settings.home / "outbox")
    )
    where = _("印发的通报放在 {folder}").format(folder=settings.home / "bulletins")
    rows = tuple(
        (
            Cell(period_words(paper.period)),
            Cell(_("{year} 年第 {number} 期").format(year=paper.year, number=paper.number)),
            Cell(day_words(paper.published_on)),
        )
        for paper in state.papers
    )
    table = Table((_("通报"), _("期号"), _("印发日期")), rows, _("还没有印发过通报。"))
    return Section("papers", _("催办与通报"), (Cell(way), *_messages(state), Cell(where)), (table,))


def _messages(house: HouseState) -> tuple[Cell, ...]:
    counts: dict[str, int] = {}
    for state, count in house.messages.items():
        counts[words.message_word(state)] = counts.get(words.message_word(state), 0) + count
    told = [_("{word} {count} 件").format(word=word, count=count) for word, count in counts.items() if count]
    is_bad = any(house.messages[state] for state in (MessageState.UNCERTAIN, MessageState.FAILED, MessageState.BOUNCED))
    return (Cell(_("，").join(told), "red" if is_bad else ""),) if told else ()
