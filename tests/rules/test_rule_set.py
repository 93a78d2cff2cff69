"""Which numbers a rule set may hold, what a narrower scope may say, and that an old version stays what it was."""

import json

import pytest

from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET, WHEN_FIELDS, RuleBook, RuleSet, content_sha256, narrowed, refuse_wide, rule_set_from

FITTING = [
    pytest.param({"overdue_steps": [1, 5, 10]}, {"overdue_steps": (1, 5, 10)}, id="steps"),
    pytest.param({"reminder_leads": [1, 7, 7]}, {"reminder_leads": (7, 1)}, id="leads from the longest, each once"),
    pytest.param({"reminder_leads": []}, {"reminder_leads": ()}, id="no reminder before the due day"),
    pytest.param({"sending_from": 0, "sending_until": 24}, {"sending_until": 24}, id="the whole day"),
    pytest.param({"yellow_gap_pp": 7.5}, {"yellow_gap_pp": 7.5}, id="a gap"),
    pytest.param({"report_limit_days": 0}, {"report_limit_days": 0}, id="by the quarter's last day"),
]


@pytest.mark.parametrize(("content", "expected"), FITTING)
def test_fitting_numbers_are_taken(content, expected):
    rules = rule_set_from(content)
    assert {name: getattr(rules, name) for name in expected} == expected


UNFIT = [
    pytest.param({"overdue_steps": []}, "overdue_steps", id="no step"),
    pytest.param({"overdue_steps": [5, 1]}, "overdue_steps", id="steps out of order"),
    pytest.param({"overdue_steps": [1, 1]}, "overdue_steps", id="a step twice"),
    pytest.param({"overdue_steps": [0]}, "overdue_steps", id="a step on the due day"),
    pytest.param({"overdue_steps": 1}, "overdue_steps", id="no list"),
    pytest.param({"reminder_leads": [True]}, "reminder_leads", id="a truth value for a number"),
    pytest.param({"reminder_leads": [91]}, "reminder_leads", id="too long a lead"),
    pytest.param({"sending_from": 25}, "sending_from", id="no such hour"),
    pytest.param({"sending_from": 8.5}, "sending_from", id="half an hour"),
    pytest.param({"sending_from": 18, "sending_until": 18}, "sending_until", id="a window without length"),
    pytest.param({"notice_limit_days": 0}, "notice_limit_days", id="no day for an answer"),
    pytest.param({"red_gap_pp": "30"}, "red_gap_pp", id="a word for a number"),
    pytest.param({"no_such": 1}, "no_such", id="unknown"),
    pytest.param({"version": None}, "version", id="no version"),
]


@pytest.mark.parametrize(("content", "named"), UNFIT)
def test_unfit_numbers_are_refused_by_name(content, named):
    with pytest.raises(DubanError) as refused:
        rule_set_from(content)
    assert refused.value.code == "bad-rules"
    assert named in refused.value.message


def test_a_version_from_before_a_number_came_keeps_its_hash():
    before = {name: value for name, value in vars(RuleSet(version="old")).items() if name in OLD_NAMES}
    rules = rule_set_from(json.loads(json.dumps(before)))
    assert rules.overdue_steps == (1,)
    assert rules.sha256 == content_sha256(before)
    assert RuleSet(version="old", overdue_steps=(1, 5)).sha256 != rules.sha256


OLD_NAMES = (
    *("version", "yellow_gap_pp", "red_gap_pp", "ahead_pp", "due_soon_days", "red_not_started_months", "red_return_count"),
    *("reminder_leads", "acknowledge_days", "report_open_days", "report_limit_days", "bulletin_day", "most_extensions", "unlikely_factor"),
)


def test_the_narrowest_scope_that_says_a_number_has_it():
    source, plan = {"version": "s", "acknowledge_days": 2, "overdue_steps": [1, 2]}, {"version": "p", "acknowledge_days": 1}
    rules = narrowed(DEFAULT_RULE_SET, source, plan)
    assert (rules.acknowledge_days, rules.overdue_steps, rules.reminder_leads) == (1, (1, 2), DEFAULT_RULE_SET.reminder_leads)
    assert rules.version == DEFAULT_RULE_SET.version
    assert narrowed(DEFAULT_RULE_SET) is DEFAULT_RULE_SET


def test_a_book_gives_the_house_s_set_where_a_plan_has_none():
    other = RuleSet(acknowledge_days=1)
    book = RuleBook(DEFAULT_RULE_SET, {7: other})
    assert (book.of(7), book.of(8)) == (other, DEFAULT_RULE_SET)


@pytest.mark.parametrize("name", sorted(vars(DEFAULT_RULE_SET)))
def test_only_when_is_said_narrowly(name):
    if name in (*WHEN_FIELDS, "version"):
        refuse_wide({name: None})
        return
    with pytest.raises(DubanError) as refused:
        refuse_wide({name: 1})
    assert refused.value.code == "rules-too-wide"
