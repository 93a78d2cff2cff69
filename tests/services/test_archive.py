"""The archive: offices find every paper, a unit what was written to it, each by its number and byte for byte."""

from datetime import date

import pytest

from models.account import AccountRole
from models.publication import PublicationKind
from rules.errors import DubanError
from rules.rights import Actor
from services.bulletins.drafting import draft_bulletin, draft_of, open_drafts
from services.bulletins.publishing import publish_bulletin
from services.papers.agreements import issue_agreement
from services.papers.archive import PaperFilter, list_papers, paper_numbered, units_of
from services.papers.posting import PostOffice
from services.papers.urging import issue_urging
from tests.builders import draft, issued, item, on, people
from tests.databases import on_one_kind
from tests.remembered import once
from tests.services.case_fixtures import T3, case_desk, late_task
from tests.services.test_bulletin_drafts import Q1, WRITTEN
from tests.services.test_cases import served


@pytest.fixture
@once
def shelf(session, tmp_path):
    """A conclusion, a bulletin, an agreement and an urging note, written to the science unit and, as a supporting one, finance."""
    folk = late_task(session)
    desk = case_desk(tmp_path)
    issue_urging(session, 1, None, PostOffice(desk.press, desk.routes), on(T3, folk.first))
    served(session, folk, desk)
    publish_bulletin(session, Q1, desk.press, on(date(2014, 1, 20), folk.first))
    issue_agreement(session, 2013, folk.base.finance.unit_id, PostOffice(desk.press, desk.routes), on(date(2014, 1, 20), folk.base.office))
    return folk


def kinds(papers):
    return [paper.kind.value for paper in papers]


def refused(code):
    return pytest.raises(DubanError, check=lambda error: error.code == code)


def test_offices_see_all_and_a_unit_its_own(session, shelf):
    everything = ["urging", "conclusion", "bulletin", "agreement"]
    assert kinds(list_papers(session, PaperFilter())) == everything
    assert kinds(list_papers(session, PaperFilter(), shelf.base.office)) == everything
    assert kinds(list_papers(session, PaperFilter(), shelf.base.science)) == ["urging", "conclusion", "bulletin"]
    assert kinds(list_papers(session, PaperFilter(), shelf.base.finance)) == ["bulletin", "agreement"]
    stranger = Actor(None, "外单位", AccountRole.UNIT, 999)
    assert list_papers(session, PaperFilter(), stranger) == []
    with refused("no-right"):
        list_papers(session, PaperFilter(), shelf.base.administrator)


# The shelf takes seconds to fill, so each of these looks at one of it.
@on_one_kind
def test_filtered(session, shelf):
    for wanted, found in (
        (PaperFilter(PublicationKind.URGING), ["urging"]),
        (PaperFilter(year=2013), []),
        (PaperFilter(year=2014, kind=PublicationKind.AGREEMENT), ["agreement"]),
        (PaperFilter(unit_id=shelf.base.finance.unit_id), ["bulletin", "agreement"]),
    ):
        assert kinds(list_papers(session, wanted)) == found, wanted


@on_one_kind
def test_found_by_its_number_however_it_is_typed(session, shelf):
    for typed in ("督结〔2014〕1号", "督结[2014]1号", " 督结（2014） 1号 ", "2"):
        assert paper_numbered(session, typed).kind is PublicationKind.CONCLUSION, typed


@on_one_kind
def test_a_paper_one_may_not_see_is_refused_like_one_that_does_not_exist(session, shelf):
    for doc_no in ("督结〔2014〕1号", "督结〔2014〕99号"):
        with refused("unknown-paper"):
            paper_numbered(session, doc_no, shelf.base.finance)


@on_one_kind
def test_every_paper_names_its_units(session, shelf):
    found = {paper.kind.value: units_of(session, paper) for paper in list_papers(session, PaperFilter())}
    science, finance = shelf.base.science.unit_id, shelf.base.finance.unit_id
    assert found == {
        "urging": {science},
        "conclusion": {science},
        "bulletin": {science, finance},
        "agreement": {finance},
    }


def test_a_draft_is_the_offices_business(session):
    folk = people(session)
    issued(session, folk.office, draft(item(1)))
    draft_bulletin(session, Q1, on(WRITTEN, folk.supervisor))
    assert draft_of(session, "2013Q1", None, folk.office).period == "2013Q1"
    assert open_drafts(session, folk.science) == []
    with refused("no-right"):
        draft_of(session, "2013Q1", None, folk.science)
