"""No service writes for somebody without asking for his right: a function that takes an occasion and is in neither table below fails the suite."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest

import services
from models.notice import Notice
from models.request import Request, RequestKind
from rules.cascade import Figure
from rules.errors import DubanError
from rules.rights import Act, Actor, may
from services.cascade import decompose_task
from services.cases.opening import Ground
from services.occasion import SYSTEM, Occasion
from services.reach import parties_of
from services.shares import Share
from services.tasks import acknowledge_task
from tests.builders import TODAY, issued, keep, on, people
from tests.databases import on_one_kind
from tests.remembered import once
from tests.services.tree_fixtures import NORTH, lower_units

BEGUN_ON = date(2013, 1, 7)

RIGHT_OF = {
    "absences.end_absence": Act.SET_ABSENCE,
    "absences.set_absence": Act.SET_ABSENCE,
    "access.access_log.export_access_log": Act.READ_ACCESS_LOG,
    "access.account_changes.approve_account": Act.GRANT_RIGHTS,
    "access.account_changes.give_password": Act.MANAGE_ACCOUNTS,
    "access.account_changes.lock_account": Act.LOCK_ACCOUNT,
    "access.account_changes.remove_second_factor": Act.GRANT_RIGHTS,
    "access.account_changes.require_second_factor": Act.GRANT_RIGHTS,
    "access.account_changes.set_role": Act.GRANT_RIGHTS,
    "access.account_changes.unlock_account": Act.LOCK_ACCOUNT,
    "access.invitations.invite": Act.INVITE,
    "access.invitations.invite_units": Act.INVITE,
    "accounts.add_account": Act.MANAGE_ACCOUNTS,
    "accounts.set_account_address": Act.MANAGE_ACCOUNTS,
    "amending.amend_plan": Act.AMEND_PLAN,
    "amending.close_plan": Act.CLOSE_PLAN,
    "amending.preview_amendment": Act.AMEND_PLAN,
    "bounces.note_bounces": Act.REMIND,
    "calendar_feeds.end_feed": Act.KEEP_FEED,
    "calendar_feeds.open_feed": Act.KEEP_FEED,
    "cascade.decompose_task": Act.DECOMPOSE,
    "cascade.preview_decomposition": Act.DECOMPOSE,
    "cases.concluding.approve_case": Act.APPROVE_CASE,
    "cases.concluding.conclude_case": Act.CONCLUDE_CASE,
    "cases.concluding.drop_case": Act.OPEN_CASE,
    "cases.deciding.decide_objection": Act.APPROVE_CASE,
    "cases.deciding.preview_decision": Act.APPROVE_CASE,
    "cases.opening.open_from_notice": Act.OPEN_CASE,
    "cases.opening.open_on_basis": Act.OPEN_CASE,
    "cases.opening.open_proposed": Act.OPEN_CASE,
    "cases.rectifying.report_rectification": Act.RECTIFY_CASE,
    "cases.rectifying.send_back_rectification": Act.APPROVE_CASE,
    "cases.rectifying.verify_rectification": Act.APPROVE_CASE,
    "cases.serving.preview_service": Act.CONCLUDE_CASE,
    "cases.serving.serve_case": Act.CONCLUDE_CASE,
    "cases.stating.object_to_case": Act.STATE_ON_CASE,
    "cases.stating.state_on_case": Act.STATE_ON_CASE,
    "contact_register.remove_contact": Act.MANAGE_UNITS,
    "contact_register.set_contact": Act.MANAGE_UNITS,
    "decisions.cancel_task": Act.CANCEL,
    "decisions.reassign_task": Act.REASSIGN,
    "decisions.resume_task": Act.RESUME,
    "decisions.suspend_task": Act.SUSPEND,
    "eligible.import_eligible": Act.KEEP_ELIGIBLE_LIST,
    "form_folder.collect_forms": Act.IMPORT_FORM,
    "form_folder.settled_forms": Act.IMPORT_FORM,
    "form_folder.take_in": Act.IMPORT_FORM,
    "form_intake.take_form": Act.IMPORT_FORM,
    "forms.make_form": Act.EXPORT_FORM,
    "holidays.clear_holidays": Act.KEEP_CALENDAR,
    "holidays.import_holidays": Act.KEEP_CALENDAR,
    "indicators.link_target": Act.LINK_INDICATOR,
    "indicators.observe": Act.OBSERVE_INDICATOR,
    "milestones.add_milestone": Act.PLAN_PACE,
    "milestones.drop_milestone": Act.PLAN_PACE,
    "milestones.plan_curve": Act.PLAN_PACE,
    "milestones.reach_milestone": Act.REACH_MILESTONE,
    "milestones.set_criterion": Act.SET_CRITERION,
    "notice_issuing.issue_notice": Act.ISSUE_NOTICE,
    "notice_issuing.preview_issue": Act.ISSUE_NOTICE,
    "notices.prepare_notices": Act.PREPARE_NOTICES,
    "notices.receive_notice": Act.RECEIVE_NOTICE,
    "notices.set_aside_notice": Act.SET_ASIDE_NOTICE,
    "resending.resend_message": Act.REMIND,
    "papers.agreements.issue_agreement": Act.ISSUE_AGREEMENT,
    "papers.agreements.preview_agreement": Act.ISSUE_AGREEMENT,
    "papers.agreements.sign_agreement": Act.ISSUE_AGREEMENT,
    "papers.assignments.issue_assignment": Act.ISSUE_ASSIGNMENT,
    "papers.assignments.preview_assignment": Act.ISSUE_ASSIGNMENT,
    "papers.replies.issue_reply": Act.ISSUE_REPLY,
    "papers.replies.preview_reply": Act.ISSUE_REPLY,
    "papers.urging.issue_urging": Act.URGE,
    "papers.urging.preview_urging": Act.URGE,
    "papers.urging.record_phone_urging": Act.URGE,
    "parts.hand_in_part": Act.HAND_IN,
    "plans.issue_plan": Act.ISSUE_PLAN,
    "progress.record_progress": Act.REPORT,
    "bulletins.drafting.approve_draft": Act.APPROVE_BULLETIN,
    "bulletins.drafting.discard_draft": Act.DRAFT_BULLETIN,
    "bulletins.drafting.draft_bulletin": Act.DRAFT_BULLETIN,
    "bulletins.drafting.edit_draft": Act.DRAFT_BULLETIN,
    "bulletins.publishing.preview_publishing": Act.PUBLISH,
    "bulletins.publishing.publish_bulletin": Act.PUBLISH,
    "bulletins.publishing.publish_draft": Act.PUBLISH,
    "bulletins.publishing.send_published": Act.PUBLISH,
    "reminders.preview_reminders": Act.REMIND,
    "reminders.chunks_of": Act.REMIND,
    "reminders.look_through": Act.REMIND,
    "reminders.remind": Act.REMIND,
    "reminders.remind_of": Act.REMIND,
    "requests.approve_request": Act.DECIDE_REQUEST,
    "requests.file_request": Act.FILE_REQUEST,
    "requests.refuse_request": Act.DECIDE_REQUEST,
    "requests.withdraw_request": Act.WITHDRAW_REQUEST,
    "reviews.note_missed_reports": Act.NOTE_MISSED_REPORTS,
    "reviews.review_report": Act.REVIEW_REPORT,
    "quotas.set_quota": Act.SET_QUOTA,
    "rosters.confirm_members": Act.CONFIRM_MEMBER,
    "rosters.nominate": Act.NOMINATE_MEMBER,
    "rosters.select_members": Act.SELECT_MEMBER,
    "rosters.withdraw_members": Act.WITHDRAW_MEMBER,
    "rule_sets.adopt_rule_set": Act.ADOPT_RULES,
    "scoring.adopting.adopt_scheme": Act.ADOPT_SCHEME,
    "scoring.issuing.issue_scorecard": Act.ISSUE_SCORECARD,
    "scoring.marking.put_mark": Act.MARK,
    "seals.enter_seal": Act.SEAL,
    "settling.settle_message": Act.REMIND,
    "draft_correcting.correct": Act.ISSUE_PLAN,
    "draft_correcting.undo": Act.ISSUE_PLAN,
    "draft_correcting.unwaive": Act.ISSUE_PLAN,
    "draft_correcting.waive": Act.ISSUE_PLAN,
    "draft_documents.discard": Act.ISSUE_PLAN,
    "draft_documents.receive": Act.ISSUE_PLAN,
    "draft_issuing.amendment_sheet": Act.ISSUE_PLAN,
    "draft_issuing.issue_document": Act.ISSUE_PLAN,
    "evidence_adding.add_evidence": Act.REPORT,
    "notice_answers.answer_notice": Act.RECEIVE_NOTICE,
    "tasks.acknowledge_task": Act.ACKNOWLEDGE,
    "tasks.close_task": Act.CLOSE,
    "tasks.complete_task": Act.COMPLETE,
    "tasks.reopen_task": Act.REOPEN,
    "tasks.return_task": Act.RETURN,
    "tasks.submit_task": Act.SUBMIT,
    "unit_changes.merge_units": Act.REORGANISE_UNITS,
    "unit_changes.rename_unit": Act.REORGANISE_UNITS,
    "unit_changes.split_unit": Act.REORGANISE_UNITS,
    "unit_import.import_units": Act.MANAGE_UNITS,
    "units.add_alias": Act.MANAGE_UNITS,
}

# Parts of acts: their callers have asked before, or the house is just being set up.
WITHIN_AN_ACT = {
    # What somebody does to his own account asks for his password or code instead of a right.
    "access.passwords.change_own_password",
    "access.passwords.put_password",
    "access.second_factors.remove_own_second_factor",
    "access.second_factors.set_up_second_factor",
    "cases.case_rows.enter",
    "cases.case_rows.locked_case",
    "cases.case_rows.move_case",
    "cases.concluding.refuse_own_conclusion",
    "cases.serving.send_case_paper",
    "accounts.create_first_administrator",
    "accounts.program_actor",
    "bulletins.drafting.refuse_unfinished",
    "delivered.enter_sent",
    "fallbacks.fall_back",
    "ledger.record",
    "ledger.record_all",
    "notice_messages.queue_messages",
    "papers.filing.file_paper",
    "papers.posting.issue_paper",
    "access.sending_invitations.send_invitations",
    "papers.sending.queue_enclosing",
    "papers.sending.queue_paper",
    "notices.locked_notice",
    "rebuilding.take_inventory",
    "reminders.queue_reminders",
    "reviews.note_missed_in",
    "request_grants.grant",
    "task_amending.amend_task",
    "standing.stand",
    "tasks.change_state",
    "tasks.lead_task",
    "decisions.ended_with_parts",
    "tasks.move",
    "units.register_units",
    "waiting_requests.settle_waiting",
    "waiting_requests.withdrawn",
}


def acting() -> Iterator[tuple[str, Callable[..., object]]]:
    for found in pkgutil.walk_packages(services.__path__, "services."):
        module = import_module(found.name)
        for name, function in vars(module).items():
            is_own = inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and any(parameter.annotation is Occasion for parameter in inspect.signature(function).parameters.values()):
                yield f"{found.name.removeprefix('services.')}.{name}", function


ACTING = dict(acting())


def test_every_service_act_is_in_one_table():
    assert set(RIGHT_OF) | WITHIN_AN_ACT == set(ACTING)
    assert not set(RIGHT_OF) & WITHIN_AN_ACT


@pytest.mark.parametrize("name", sorted(set(RIGHT_OF) & set(ACTING)))
def test_each_asks_for_the_right_of_its_row(name):
    assert asks(ACTING[name], RIGHT_OF[name], set())


@on_one_kind
@pytest.mark.parametrize("name", sorted(set(RIGHT_OF) & set(ACTING)))
def test_whoever_has_no_right_is_refused_before_anything_else_is_looked_at(session, house, name):
    act, parameters = RIGHT_OF[name], inspect.signature(ACTING[name]).parameters
    is_on_task = bool({"task_id", "request_id", "notice_id"} & parameters.keys())
    for task_id, request_id in house.requests.items() if is_on_task else [(1, 0)]:
        parties = parties_of(session, task_id) if is_on_task else None
        known = {"session": session, "task_id": task_id, "request_id": request_id, "plan_id": 1, "order": SimpleNamespace(waivers=())}
        known |= {"draft_id": 1, "notice_id": house.notices.get(task_id, 0), "ground": Ground("基本台账连续两季未报")}
        given = {one: known.get(one) for one, said in parameters.items() if said.default is inspect.Parameter.empty}
        for actor in house.actors:
            if not may(actor, act, parties):
                with pytest.raises(DubanError) as refused:
                    ACTING[name](**{**given, "occasion": on(TODAY, actor)})
                assert refused.value.code in OUT_OF_REACH, actor


# A draft that may not be seen is told as one that does not exist.
OUT_OF_REACH = {"unknown-draft", "no-right", "not-your-task", "not-your-area", "own-submission", "lead-reports"}


@dataclass(frozen=True)
class House:
    """Everybody who could act, and a waiting request and notice on an upper unit's task and on a lower one's, by task id."""

    actors: tuple[Actor, ...]
    requests: Mapping[int, int]
    notices: Mapping[int, int]


@pytest.fixture
@once
def house(session):
    upper = people(session)
    issued(session, upper.office)
    lower = lower_units(session)
    acknowledge_task(session, 1, on(BEGUN_ON, upper.science))
    decompose_task(session, 1, [Share(NORTH, {"示范县": Figure(10, 10)})], on(BEGUN_ON, upper.science))
    handed_down = 7
    acknowledge_task(session, handed_down, on(BEGUN_ON, lower.north))
    requests, notices = {}, {}
    for task_id, unit_id in ((1, upper.science.unit_id), (handed_down, lower.north.unit_id)):
        facts = {"kind": RequestKind.EXTENSION, "reason": "汛期停工", "filed_on": BEGUN_ON, "filed_by": "someone"}
        request = Request(task_id=task_id, unit_id=unit_id, **facts)
        prepared = {"level": "blue", "due_on": BEGUN_ON, "matter": "overdue", "prepared_on": BEGUN_ON}
        notice = Notice(task_id=task_id, unit_id=unit_id, **prepared)
        keep(session, request, notice, plan_id=1, day=BEGUN_ON)
        requests[task_id], notices[task_id] = request.id, notice.id
    return House((*vars(upper).values(), *vars(lower).values(), SYSTEM), requests, notices)


def asks(function: Callable[..., object], act: Act, seen: set[str]) -> bool:
    """Tell whether the function, or a service it calls, names the act."""
    if f"Act.{act.name}" in inspect.getsource(function):
        return True
    seen.add(function.__qualname__)
    called = (function.__globals__.get(name) for name in function.__code__.co_names)
    services_called = [one for one in called if inspect.isfunction(one) and one.__module__.startswith("services.")]
    return any(asks(one, act, seen) for one in services_called if one.__qualname__ not in seen)
