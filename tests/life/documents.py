"""The documents a living house issues and amends: items of every kind of target, put together from a few numbers."""

from collections.abc import Sequence
from datetime import date

from intake.draft import DraftPlan, ItemDraft, TargetDraft, TaskDraft, UnitDraft
from tests.builders import FINANCE, SCIENCE, draft, item, yearly_task

LAND = "省国土厅"
YEARS = (2013, 2014, 2015)
LEADS = (SCIENCE, FINANCE, LAND)


def first_document() -> DraftPlan:
    """Return the plan every life begins with: four items, one of them without figures."""
    return document(1, [numbered(kind, 0) for kind in range(4)])


def document(number: int, items: Sequence[ItemDraft], title: str = "关于建设示范县的实施方案") -> DraftPlan:
    """Return a document whose number and bytes no other has."""
    made = draft(*items, doc_no=f"测政办发〔2012〕{number}号", title=title)
    return made.model_copy(update={"source": made.source.model_copy(update={"sha256": f"{number:064x}"})})


def numbered(kind: int, variant: int) -> ItemDraft:
    """Return one of the kinds of item; `variant` changes its figures, days, units and words."""
    return (_yearly, _sums, _rates, _wordy)[kind % 4](kind, variant)


def _yearly(kind: int, variant: int) -> ItemDraft:
    tasks = tuple(yearly_task(year, 4 + variant % 3) for year in YEARS)
    return item(kind + 1, tasks=tasks, units=_units(variant))


def _sums(kind: int, variant: int) -> ItemDraft:
    tasks = tuple(
        _task(
            year,
            variant,
            _target("新增示范乡镇", 5 * (number + 1) + variant, basis="cumulative", year=year),
            _target("培训", 200, unit_of_measure="人次", comparator="about", basis="period", year=year),
            _target("学校", 1 + variant % 2, unit_of_measure="所", comparator="ge", scope="每县", basis="period", year=year),
        )
        for number, year in enumerate(YEARS)
    )
    return item(kind + 1, title="建设示范乡镇", text="建设一批示范乡镇", tasks=tasks, units=_units(variant + 1))


def _rates(kind: int, variant: int) -> ItemDraft:
    tasks = tuple(
        _task(
            year,
            variant,
            _target("覆盖率", 80 + variant, unit_of_measure="%", basis="level", comparator="ge", baseline=60.0, year=year),
            TargetDraft(text="工地4至6处", measure="工地", unit_of_measure="处", comparator="range", low=4, high=6 + variant, year=year),
            TargetDraft(text="投入增幅高于收入增幅", measure="投入增幅", unit_of_measure="%", comparator="exceeds-series", year=year),
        )
        for year in YEARS[: 3 - variant % 2]
    )
    return item(kind + 1, title="提高覆盖率", text="逐年提高覆盖率", tasks=tasks, units=_units(variant + 2))


def _wordy(kind: int, variant: int) -> ItemDraft:
    days = {"starts_on": date(2013, 1, 1), "due_on": date(2014, 6 + variant % 6, 15)}
    return item(
        kind + 1, title="完善有关办法", text=f"完善有关办法并公布{'，抓好落实' * (variant % 3)}", tasks=(), units=_units(variant), **days
    )


def _task(year: int, variant: int, *targets: TargetDraft) -> TaskDraft:
    due_on = date(year, 12, 31) if variant % 3 else date(year, 11, 30)
    return TaskDraft(label=f"{year}年", starts_on=date(year, 1 + variant % 2, 1), due_on=due_on, text="按年度推进", targets=targets)


def _target(measure: str, value: float, **facts: object) -> TargetDraft:
    said = {"unit_of_measure": "个", "comparator": "eq", **facts}
    return TargetDraft(text=f"{measure}{value:g}{said['unit_of_measure']}", measure=measure, value=value, **said)


def _units(variant: int) -> tuple[UnitDraft, ...]:
    lead, *others = (LEADS[(variant + turn) % 3] for turn in range(3))
    helpers = others[: 1 + variant % 2]
    named = [(lead, "lead"), *((name, "support") for name in helpers)]
    return tuple(UnitDraft(name=name, as_written=name, role=role) for name, role in named)
