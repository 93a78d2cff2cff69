"""A returned form as a unit sends it: a made form written to a file, some cells filled in as Excel would leave them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import Session, select

from intake.draft import TargetDraft
from models.progress import ReportedValue
from reports.form_sheets import FormView
from reports.form_workbook import form_xlsx
from rules.errors import DubanError
from rules.periods import parse_period
from rules.rights import Actor
from rules.rule_set import DEFAULT_RULE_SET
from services.form_intake import TakenForm, TakeOrder, take_form, unit_of_form
from services.form_news import news_of
from services.form_reading import read_form
from services.forms import make_form, plan_forms
from services.ledger import first_break
from services.progress import ProgressInput, record_progress
from services.questions import read_survey
from services.rebuilding import differences
from services.report_values import Amount
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import People, draft, issued, item, on, people, yearly_task
from tests.remembered import once

ASKED_ON = date(2013, 3, 29)
RETURNED_ON = date(2013, 4, 2)
APRIL = date(2013, 4, 1)
RECEIPT, REPORT, REQUEST = "任务签收", "进展填报", "事项申请"


@dataclass
class Desk:
    """A house with four tasks of one lead unit: the first in progress, the second with three targets, the third due later, the fourth without figures."""

    session: Session
    actors: People
    folder: Path

    def form(self, period: str = "2013Q1", day: date = ASKED_ON, actor: Actor | None = None) -> FormView:
        survey = read_survey(self.session, parse_period(period), day, DEFAULT_RULE_SET)
        plan = plan_forms(self.session, survey, news_of(self.session, survey))
        assert self.actors.science.unit_id is not None
        return make_form(self.session, self.actors.science.unit_id, plan, on(day, actor or self.actors.office))

    def returned(self, view: FormView, cells: Mapping[str, Any], name: str = "returned.xlsx") -> Path:
        """Write the form with cells filled in, named like 进展填报!I4."""
        place, book = self.folder / name, _form(view)
        filled = []
        for where, value in cells.items():
            sheet, at = where.split("!")
            cell = book[sheet][at]
            filled.append((cell, cell.value, cell.number_format))
            cell.value = value
            if isinstance(value, str) and value.startswith("=words:"):
                cell.value = "=" + value.removeprefix("=words:")
                cell.data_type = "s"
        book.save(place)
        for cell, value, number_format in filled:
            cell.value, cell.number_format = value, number_format
        return place

    def take(self, place: Path, day: date = RETURNED_ON, actor: Actor | None = None, **order: Any) -> TakenForm:
        returned = read_form(place)
        occasion = on(day, actor or self.actors.office)
        return take_form(
            self.session, unit_of_form(self.session, returned), returned, TakeOrder(Store(self.folder / "store"), **order), occasion
        )

    def send(self, view: FormView, cells: Mapping[str, Any], **order: Any) -> TakenForm:
        return self.take(self.returned(view, cells), **order)


_forms: dict[str, openpyxl.Workbook] = {}


def _form(view: FormView) -> openpyxl.Workbook:
    """Return a form opened, once for all that are alike; whoever fills it in empties it again."""
    if repr(view) not in _forms:
        _forms[repr(view)] = openpyxl.load_workbook(io.BytesIO(form_xlsx(view)))
    return _forms[repr(view)]


def desk(session: Session, folder: Path) -> Desk:
    return Desk(session, _begun(session), folder)


@once
def _begun(session: Session) -> People:
    actors = people(session)
    three = yearly_task(2013, 10)
    people_target = TargetDraft(text="培训1500人次", measure="培训", unit_of_measure="人次", value=1500, year=2013, basis="period")
    share = TargetDraft(text="覆盖率90%", measure="覆盖率", unit_of_measure="%", comparator="ge", value=90, year=2013, basis="level")
    three = three.model_copy(update={"targets": (*three.targets, people_target, share)})
    wordy = yearly_task(2013, 1).model_copy(update={"targets": (), "text": "出台扶持办法"})
    items = (item(1, tasks=(yearly_task(2013, 10),)), item(2, tasks=(three, yearly_task(2014, 10))), item(3, tasks=(wordy,)))
    issued(session, actors.office, draft(*items))
    acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
    return actors


@pytest.fixture
def house(session, tmp_path):
    return desk(session, tmp_path)


@pytest.fixture(autouse=True)
def the_ledger_tells_all(session):
    yield
    assert differences(session) == []
    assert first_break(session) is None


def lines(view, sheet):
    found = [one.lines for one in view.sheets if one.role == sheet]
    return found[0] if found else ()


def refusal(act, *arguments, **named):
    with pytest.raises(DubanError) as refused:
        act(*arguments, **named)
    return refused.value.code


def report(house, value, day=APRIL, **said):
    given = ProgressInput({"示范县": Amount(value)}, **said)
    record_progress(house.session, 1, given, Store(house.folder / "store"), on(day, house.actors.science))


def values(session):
    return sorted(session.exec(select(ReportedValue.value)).all())
