"""Acts on plans, units, rule sets and bulletins."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from rules.periods import parse_period, period_before, quarter_of
from services.amending import AmendmentOrder, amend_plan, close_plan
from services.bulletins.compiling import BulletinOrder
from services.bulletins.publishing import publish_bulletin
from services.papers.filing import Press
from services.plans import Waiver, issue_plan
from services.reviews import note_missed_reports
from services.rule_sets import adopt_rule_set, rule_set_on
from services.unit_changes import Reorganisation, merge_units, rename_unit, split_unit
from tests.life.documents import document, numbered
from tests.life.house import OFFICES
from tests.life.person import Person, actors, picks, words


class HouseActs(Person):
    """Plans, units, rules, papers."""

    @rule(who=actors, kinds=st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True), variant=st.integers(0, 5))
    @precondition(lambda self: len(self.house.plan_ids()) < 3)
    def issue(self, who: str, kinds: list[int], variant: int) -> None:
        number = 100 + self.house.next_number()
        wanted = document(number, [numbered(kind, variant) for kind in kinds], title=f"实施方案之{number}")
        waivers = [Waiver("lead-not-marked", "惯例")] if variant % 2 else []
        self.by(who, "office", issue_plan, wanted, waivers)

    @rule(
        pick=picks,
        who=actors,
        kinds=st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True),
        variant=st.integers(0, 5),
        title=st.booleans(),
    )
    def amend(self, pick: int, who: str, kinds: list[int], variant: int, title: bool) -> None:
        plans = self.house.plan_ids()
        named = {"title": f"调整后的方案{variant}"} if title else {}
        chosen = [numbered(kind, variant if number % 2 else 0) for number, kind in enumerate(kinds)]
        wanted = document(100 + self.house.next_number(), chosen, **named)
        order = AmendmentOrder("测政办发〔2013〕9号")
        self.by(who, "office", amend_plan, plans[pick % len(plans)], wanted, order)

    @rule(pick=picks, who=actors, reason=words, surely=st.integers(0, 5))
    def end_plan(self, pick: int, who: str, reason: str, surely: int) -> None:
        plans = self.house.plan_ids()
        self.by(who, "office", close_plan, plans[pick % len(plans)], reason if surely == 5 else "")

    @rule(pick=picks, who=actors, other=picks, back=st.integers(-1, 30), way=st.sampled_from(["rename", "rename", "merge", "split"]))
    def reorganise(self, pick: int, who: str, other: int, back: int, way: str) -> None:
        names = self.house.unit_names()
        name, into = names[pick % len(names)], names[other % len(names)]
        new = f"{name[:20]}之{other % 7}"
        from_day = self.house.day - timedelta(days=back)
        order = Reorganisation(from_day, may_register=other % 3 > 0)
        if way == "rename":
            self.by(who, "office", rename_unit, name, new if other % 5 else into, from_day)
        elif way == "merge":
            self.by(who, "office", merge_units, [name], into if other % 3 else new, order)
        else:
            self.by(who, "office", split_unit, name, [new, into], order)

    @rule(who=actors, most=st.integers(0, 3), red=st.integers(15, 60), ahead=st.integers(-5, 60))
    def adopt_rules(self, who: str, most: int, red: int, ahead: int) -> None:
        content = {"version": f"测-{self.house.next_number()}", "most_extensions": most, "red_gap_pp": red, "report_limit_days": 1 + most}
        self.by(who, "supervisor", adopt_rule_set, content, self.house.day + timedelta(days=ahead))

    @rule(who=actors)
    def note_missed(self, who: str) -> None:
        self.by(who, "office", note_missed_reports)

    @rule(pick=picks, who=st.sampled_from([*[""] * 20, *OFFICES]), whole=st.booleans())
    def publish(self, pick: int, who: str, whole: bool) -> None:
        """A bulletin tells what is known at the end of its day, so the day ends with it."""
        period = period_before(quarter_of(self.house.day)) if pick % 5 else parse_period(str(self.house.day.year - 1))
        plan_ids = None if whole else (self.house.plan_ids()[0],)

        def publishing(session: Any, occasion: Any) -> Any:
            order = BulletinOrder(period, plan_ids, rule_set_on(session, occasion.day))
            return publish_bulletin(session, order, Press(self.house.store), occasion)

        done = self.house.act(who or "supervisor", publishing)
        if done:
            seen = self.house.seen(period.code, min(period.ends_on, self.house.day), self.house.day, plan_ids)
            self.house.published.append(seen)
            self.house.pass_days(1)
