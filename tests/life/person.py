"""Who acts, on what, and what is looked at after every act: what all rules of a random life share."""

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlmodel import col, select

from models.task import Target, TaskState
from tests.life.house import EVERYBODY, House, open_house
from tests.life.invariants import AFTER_EACH_STEP, AT_THE_END, rebuilt_is_the_same

picks = st.integers(0, 1000)
# Mostly whoever it falls to, now and then anybody.
actors = st.sampled_from([*[""] * 70, *EVERYBODY])
values = st.sampled_from([0, 1, 2, 3, 5, 8, 12, 60, 400])
spans = st.sampled_from([-200, -30, 0, 10, 45, 120, 400])
words = st.sampled_from(["", *["情况属实"] * 4, *["测政办函〔2013〕7号"] * 4])
REGIONS = ("甲县", "乙县", "丙县", "丁县", "戊县", "己县", "庚县", "辛县")


class Person(RuleBasedStateMachine):
    """What every act needs. Rules are acts; each picks its task among those in the state it needs, now and then among all."""

    totals: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.house: House = open_house()
        self.looked_at = -1

    def teardown(self) -> None:
        try:
            self.house.remember()
            with self.house.reading() as session:
                for check in AT_THE_END:
                    check(self.house, session)
                rebuilt_is_the_same(self.house, session)
        except Exception:
            print("\n".join(self.house.story))  # noqa: T201  (what led to it)
            raise
        finally:
            Person.totals += self.house.done + Counter({f"refused {code}": count for code, count in self.house.refused.items()})
            self.house.end()

    @invariant()
    def holds(self) -> None:
        if self.looked_at == self.house.done["acts"]:
            return
        self.looked_at = self.house.done["acts"]
        with self.house.reading() as session:
            for check in AFTER_EACH_STEP:
                check(self.house, session)

    def task(self, pick: int, *states: TaskState) -> int:
        found = self.house.task_ids(*(states if pick % 6 else ()))
        return found[pick % len(found)]

    def rows(self, wanted: Any) -> list[Any]:
        with self.house.reading() as session:
            return list(session.exec(wanted).all())

    def targets(self, task_id: int) -> list[str]:
        return self.rows(select(Target.measure).where(Target.task_id == task_id).order_by(col(Target.id))) or ["没有的指标"]

    def by(self, who: str, fallback: str, doing: Any, *arguments: Any, **named: Any) -> Any:
        """Let somebody do it, or the fallback where nobody is named. The occasion comes last, as in every service."""
        self.house.story.append(f"{self.house.day} {who or fallback} {doing.__name__}{arguments}{named or ''}")
        return self.house.act(who or fallback, lambda session, occasion: doing(session, *arguments, occasion, **named))
