"""Acts on rosters, milestones, curves and indicators."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlmodel import col, select

from models.roster import Quota, RosterEntry
from models.task import Milestone, Target, TaskState
from services.eligible import ListFile, import_eligible
from services.indicators import Link, Reading, link_target, observe
from services.milestones import MilestoneInput, add_milestone, drop_milestone, plan_curve, reach_milestone, set_criterion
from services.quotas import QuotaInput, set_quota
from services.rosters import Names, confirm_members, nominate, select_members, withdraw_members
from tests.life.house import LISTS, SERIES
from tests.life.person import REGIONS, Person, actors, picks, spans, words


class FigureActs(Person):
    """Members named, pace planned, figures observed."""

    @rule(name=st.sampled_from(list(LISTS)), who=actors, exact=st.booleans(), cut=st.integers(0, 5), dry=st.booleans())
    def keep_list(self, name: str, who: str, exact: bool, cut: int, dry: bool) -> None:
        lines = LISTS[name].splitlines()
        place = self.house.place / "名单.csv"
        kept = [line for number, line in enumerate(lines) if not number or number != cut]
        place.write_text("\n".join(kept).replace("西市" if cut % 2 else "没有", "北市") + "\n", encoding="utf-8")
        self.by(who, "office", import_eligible, ListFile(name, place, "通报", exact), is_dry_run=dry and cut == 5)

    @rule(
        pick=picks,
        who=actors,
        lists=st.integers(0, 3),
        region=st.integers(0, 2),
        coverage=st.sampled_from([None, None, 50.0]),
        years=st.booleans(),
    )
    def make_quota(self, pick: int, who: str, lists: int, region: int, coverage: float | None, years: bool) -> None:
        task_id = self.task(pick, TaskState.ASSIGNED, TaskState.IN_PROGRESS)
        measures = self.targets(task_id)
        named = [name for number, name in enumerate(("通过名单", "增补名单")) if lists >> number & 1]
        whole = "全部各县" if coverage or pick % 2 else None
        asked = QuotaInput(measures[pick % len(measures)], named, region or None, whole, coverage, years)
        self.by(who, "office", set_quota, task_id, asked)

    def quota_task(self, pick: int) -> int:
        quotas = select(Target.task_id).join(Quota, col(Quota.target_id) == Target.id).where(col(Target.task_id).is_not(None))
        found = self.rows(quotas.order_by(col(Quota.id)))
        return found[pick % len(found)] if found else 1

    def members(self, task_id: int, pick: int) -> Names:
        stand = self.rows(select(RosterEntry.name).where(RosterEntry.task_id == task_id).order_by(col(RosterEntry.id)))
        chosen = stand or REGIONS
        return Names([chosen[pick % len(chosen)]], is_dry_run=pick % 9 == 8)

    @rule(pick=picks, who=actors, count=st.integers(1, 3), replacing=st.booleans())
    def name_members(self, pick: int, who: str, count: int, replacing: bool) -> None:
        task_id = self.quota_task(pick)
        names = Names([REGIONS[(pick + turn) % len(REGIONS)] for turn in range(count)])
        gone = self.rows(select(RosterEntry.name).where(RosterEntry.task_id == task_id, RosterEntry.state == "withdrawn"))
        self.by(who, self.house.leader(task_id), nominate, task_id, names, replaces=gone[0] if replacing and gone else None)

    @rule(pick=picks, who=actors)
    def select_member(self, pick: int, who: str) -> None:
        task_id = self.quota_task(pick)
        self.by(who, self.house.leader(task_id), select_members, task_id, self.members(task_id, pick))

    @rule(pick=picks, who=actors, proven=st.booleans())
    def confirm_member(self, pick: int, who: str, proven: bool) -> None:
        task_id = self.quota_task(pick)
        proof = [self.house.proof] if proven else []
        self.by(who, "supervisor", confirm_members, task_id, self.members(task_id, pick), proof, self.house.store)

    @rule(pick=picks, who=actors, reason=words)
    def take_member_out(self, pick: int, who: str, reason: str) -> None:
        task_id = self.quota_task(pick)
        self.by(who, "office", withdraw_members, task_id, self.members(task_id, pick), reason)

    @rule(pick=picks, who=actors, title=st.sampled_from(["招标", "开工", "验收"]), span=spans, weight=st.sampled_from([0.0, 1.0, 2.5]))
    def plan_milestone(self, pick: int, who: str, title: str, span: int, weight: float) -> None:
        wanted = MilestoneInput(title, self.house.day + timedelta(days=abs(span)), weight)
        self.by(who, "office", add_milestone, self.task(pick, TaskState.ASSIGNED, TaskState.IN_PROGRESS), wanted)

    @rule(pick=picks, who=actors, back=st.integers(0, 40), drop=st.booleans())
    def meet_milestone(self, pick: int, who: str, back: int, drop: bool) -> None:
        found = self.rows(select(Milestone.task_id, Milestone.title).order_by(col(Milestone.id)))
        task_id, title = found[pick % len(found)] if found else (1, "开工")
        if drop and pick % 3 == 0:
            self.by(who, "office", drop_milestone, task_id, title)
            return
        reached_on = self.house.day - timedelta(days=back) if back else None
        self.by(who, self.house.leader(task_id), reach_milestone, task_id, title, reached_on=reached_on)

    @rule(pick=picks, who=actors, percents=st.lists(st.integers(0, 100), max_size=3))
    def plan_the_curve(self, pick: int, who: str, percents: list[int]) -> None:
        points = {self.house.day + timedelta(days=30 * number): float(percent) for number, percent in enumerate(sorted(percents))}
        self.by(who, "office", plan_curve, self.task(pick, TaskState.ASSIGNED, TaskState.IN_PROGRESS), points)

    @rule(pick=picks, who=actors, said=words)
    def criterion(self, pick: int, who: str, said: str) -> None:
        self.by(who, "office", set_criterion, self.task(pick, TaskState.IN_PROGRESS), said)

    @rule(name=st.sampled_from(SERIES), who=actors, value=st.integers(-5, 90), back=st.integers(0, 200))
    def observe_series(self, name: str, who: str, value: int, back: int) -> None:
        reading = Reading(name, float(value), self.house.day - timedelta(days=back - 1), "%", "统计公报")
        self.by(who, "office", observe, reading)

    @rule(pick=picks, who=actors, own=st.sampled_from(SERIES), other=st.sampled_from([None, *SERIES]), years=st.booleans())
    def link(self, pick: int, who: str, own: str, other: str | None, years: bool) -> None:
        task_id = self.task(pick, TaskState.ASSIGNED, TaskState.IN_PROGRESS)
        measures = self.targets(task_id)
        self.by(who, "office", link_target, task_id, measures[pick % len(measures)], Link(own, other), all_years=years)
