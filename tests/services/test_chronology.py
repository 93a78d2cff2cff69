"""Every act the ledger knows in words, the history as of a day, and who is told what of the messages sent."""

import ast
import importlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

import services
from models.notice import Message, MessageState, Reminder
from models.unit import Contact
from rules.errors import DubanError
from rules.texts import use_language
from services.act_changes import Names, Told
from services.act_names import names_of_acts
from services.act_sentences import sentences
from services.chronology import chronology
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.store import Store
from services.task_messages import masked
from services.tasks import acknowledge_task
from tests import builders
from tests.builders import on
from tests.databases import on_one_kind

NAMES = Names({7: ("示范县", "个")}, {1: "科技厅", 2: "财政厅"}, {3: "经费增幅"}, {5: "候选县名单"})


def acts_in_code() -> Iterator[tuple[str, str]]:
    """Give every act that a service enters on a task, with the module that does, as far as the code names it."""
    root = Path(services.__file__ or "").parent
    for path in sorted(root.rglob("*.py")):
        name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Event" and _is_on_task(node):
                act = _value(node.args[0], importlib.import_module(name)) if node.args else None
                if isinstance(act, str) and act:
                    yield act, name


def _is_on_task(call: ast.Call) -> bool:
    return len(call.args) >= 4 or any(keyword.arg == "task_id" for keyword in call.keywords)


def _value(node: ast.expr, module: object) -> object:
    try:
        return eval(compile(ast.Expression(node), "<act>", "eval"), vars(module))
    except (NameError, AttributeError):
        return None  # The act is chosen when it is done, among those named elsewhere.


def test_every_act_on_a_task_has_a_name() -> None:
    found = dict(acts_in_code())
    assert len(found) >= 15
    assert {act: module for act, module in found.items() if act not in names_of_acts()} == {}


def task_row(**values: object) -> dict[str, object]:
    return {"table": "task", "id": 1, **values}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Told("issue", {"state": "draft"}, {"units": {"2": "support", "1": "lead"}, "targets": [{"text": "支持十个县"}], "due_on": "2013-12-31"}),
         ("办结期限：2013年12月31日", "责任单位：科技厅（牵头）、财政厅", "目标：支持十个县")),
        (Told("report", {}, {"period": "2013Q2", "revision": 2, "values": {"7": 4, "7@甲县": 1}, "text": "已选定", "problem": "缺资金", "correction": "漏报"}),
         ("2013年第二季度（第2次填报）", "示范县 4个", "甲县：示范县 1个", "已选定", "存在问题：缺资金", "更正理由：漏报")),
        (Told("return", {}, {"reason": "缺名单", "limit_on": "2013-11-20"}), ("时限：2013年11月20日", "理由：缺名单")),
        (Told("approve-request", {}, {"request": 3, "kind": "extension", "granted": {"due_on": "2014-01-31"}, "decision": "同意"},
              [task_row(before={"due_on": "2013-12-31"}, after={"due_on": "2014-01-31"})]),
         ("第3号延期申请", "批准：期限至 2014-01-31", "期限由2013年12月31日改为2014年1月31日", "答复：同意")),
        (Told("approve-request", {}, {"request": 4, "kind": "target_change"},
              [{"table": "target", "id": 7, "before": {"value": 10.0}, "after": {"value": 8.0}}]),
         ("第4号调整目标申请", "示范县由10个改为8个")),
        (Told("reassign", {"lead": "科技厅"}, {"old_lead": "科技厅", "lead": "财政厅", "kept_as_support": True, "basis": "一号文"}),
         ("由科技厅改为财政厅牵头", "科技厅改为配合单位", "依据：一号文")),
        (Told("suspend", {}, {"request": 1, "until": "2013-06-30"}), ("据第1号申请", "暂缓至2013年6月30日")),
        (Told("decompose", {}, {"children": {"9": {"unit": "甲市", "due_on": "2013-11-30", "figures": {"示范县": "4"}}}}),
         ("甲市：示范县 4，2013年11月30日前",)),
        (Told("amend-task", {"text": "旧", "targets": [{"text": "十个"}]}, {"text": "新", "targets": []}), ("内容由“旧”改为“新”", "目标由“十个”改为“无”")),
        (Told("hand-over", {"units": {"甲局": "lead"}}, {"successor": "乙局", "role": "lead"}), ("甲局的责任由乙局接续",)),
        (Told("issue-notice", {}, {"level": "red", "doc_no": "督办〔2013〕3号", "limit_on": "2013-10-20"}), ("红色督办通知单", "督办〔2013〕3号", "时限：2013年10月20日")),
        (Told("urge-by-phone", {}, {"person": "陈处长", "answer": "下周交"}), ("接电话的人：陈处长", "对方答复：下周交")),
        (Told("set-quota", {}, {"measure": "示范县", "eligible_list_ids": [5], "least_per_region": 1, "whole_list_id": 5, "least_coverage": 90.0}),
         ("示范县", "从候选县名单中选", "每个地区至少1个", "候选县名单覆盖率不低于90%")),
        (Told("nominate-member", {}, {"measure": "示范县", "members": ["甲县", "乙县"], "replaces": "丙县"}), ("甲县、乙县", "接替丙县")),
        (Told("link-indicator", {"observed_by": 3}, {"measure": "经费", "observed_by": None, "against": "收入增幅"}),
         ("不再以指标“经费增幅”为准", "与指标“收入增幅”比较")),
        (Told("plan-curve", {}, {"2013-06-30": 20.0}), ("计划进度：2013年6月30日 20%",)),
        (Told("add-milestone", {}, {"title": "出方案", "due_on": "2013-06-30", "weight": 30.0}), ("出方案", "应于2013年6月30日前完成，权重30")),
        (Told("set-criterion", {"criterion": None}, {"criterion": "印发"}), ("完成标准由“无”改为“印发”",)),
        (Told("remind", {}, {"rule": "overdue-5", "period": "2013-12-31"}), ("逾期后第 5 个工作日再次催办",)),
        (Told("some-new-act", {}, {"colour": "blue"}), ("colour：blue",)),
    ],
    ids=lambda value: value.act if isinstance(value, Told) else "",
)  # fmt: skip
def test_what_an_entry_says(told: Told, words: tuple[str, ...]) -> None:
    said = sentences(told, NAMES)
    assert [one for one in words if one not in said] == []
    with use_language("en"):
        assert len(sentences(told, NAMES)) == len(said)


@pytest.mark.usefixtures("kept_whole")
def test_a_history_as_of_a_day(session: Session, tmp_path: Path) -> None:
    people = builders.people(session)
    builders.issued(session, people.office)
    evidence = tmp_path / "名单.txt"
    evidence.write_text("甲县", encoding="utf-8")
    acknowledge_task(session, 1, on(date(2013, 1, 7), people.science))
    said = ProgressInput(values={"示范县": Amount(3)}, text="已选三县", evidence=(evidence,))
    record_progress(session, 1, said, Store(tmp_path / "store"), on(date(2013, 4, 2), people.science))
    told = chronology(session, 1, date(2013, 4, 2), people.supervisor)
    assert [line.act for line in told.lines] == ["issue", "acknowledge", "report"]
    report = told.lines[-1]
    assert (report.actor, report.unit) == ("science", builders.SCIENCE)
    assert {"示范县 3个", "已选三县"} <= set(report.sentences)
    assert [(file.name, file.media_type, file.unit) for file in report.files] == [("名单.txt", "text/plain", builders.SCIENCE)]
    before = chronology(session, 1, date(2013, 2, 1), people.supervisor)
    assert [line.act for line in before.lines] == ["issue", "acknowledge"]
    assert (before.previous_on, before.next_on, before.files) == (date(2013, 1, 7), date(2013, 4, 2), ())


@on_one_kind
def test_a_task_of_others_is_unknown(session: Session) -> None:
    people = builders.people(session)
    builders.issued(session, people.office)
    for task_id, actor in ((99, people.office), (1, people.administrator)):
        with pytest.raises(DubanError) as refused:
            chronology(session, task_id, builders.TODAY, actor)
        assert refused.value.code == "unknown-task"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("liwei@gx.example", "li***@gx.example"),
        ("li@gx.example", "l***@gx.example"),
        ("13800001234", "138****34"),
        ("", ""),
        ("123", "****"),
    ],
    ids=["mail", "a short one", "telephone", "none", "too short to show any"],
)
def test_masked_addresses(address: str, shown: str) -> None:
    assert masked(address) == shown


@on_one_kind
def test_addresses_are_for_those_who_deal_with_them(session: Session) -> None:
    people = builders.people(session)
    builders.issued(session, people.office)
    contact = Contact(unit_id=people.science.unit_id, name="李伟", address="liwei@gx.example")
    builders.keep(session, contact)
    for recipient, unit_id in ((f"contact-{contact.id}", people.science.unit_id), ("account-2", None)):
        sent = Message(
            recipient=recipient, unit_id=unit_id, channel="mail", name="李伟", address="liwei@gx.example", day=builders.TODAY, subject="催办",
            text="", html="", message_id=recipient, state=MessageState.SENT, sent_at=datetime(2013, 4, 2, 1, tzinfo=builders.UTC),
        )  # fmt: skip
        session.add(sent)
        session.flush()
        session.add(Reminder(message_id=sent.id, task_id=1, rule="due-5", period="2013-12-31", recipient=recipient, channel="mail"))
        about = {"rule": "due-5", "period": "2013-12-31", "recipient": recipient, "message": sent.id}
        builders.record(session, on(builders.TODAY, people.office), builders.Event("remind", "task 1", 1, 1, after=about))
    shown = {
        name: [one.address for line in chronology(session, 1, builders.TODAY, actor).lines for one in line.messages]
        for name, actor in (("supervisor", people.supervisor), ("lead", people.science), ("support", people.finance))
    }
    assert shown == {"supervisor": ["liwei@gx.example"] * 2, "lead": ["liwei@gx.example"], "support": ["li***@gx.example"]}
