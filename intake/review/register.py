"""A draft's unit names held against the register of units: which are unknown, which fit several, what a name probably stands for.

The one thing to know: `科技局` is short for `甲市科技局`, but `财政局` is not a misspelling of `林业局`: area, stem and kind of organ are compared apart. A set whose
members are named later (各市人民政府) is never held against the register.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from intake.checking.naming import issued, item_name
from intake.checking.units import same_organ
from intake.draft import DraftPlan, Finding, ItemDraft
from rules.texts import _

AREA = re.compile(
    r"(?:[^省市县州区]{0,6}?(?:自治区|省|兵团))?"
    r"(?:(?!城市)[^市县州区]{0,6}?(?:自治州|市(?!场|政(?!府|协|法)|容|域)|州|盟))?"
    r"(?:[^市县区]{0,6}?(?:自治县|县(?!域)|区(?!域)|旗))?"
)
SHORTENED = re.compile(r".*(?:国家|中国|自治区|自治州|兵团|省|市|县|区|州|盟|旗|乡|镇|街道)")
KIND = re.compile(r"(?:领导小组办公室|领导小组|办公室|总局|厅|局|委|办|部|院|署|处|中心)$")
# Kinds of organ that one writer takes for another; a ministry, a group or its office is never a bureau.
BUREAUS = frozenset({"", "厅", "局", "委"})
NEAR = 0.6
SHOWN_NAMES = 12


@dataclass(frozen=True)
class RegisteredUnit:
    """A unit of the register: its name and the other names that lead to it."""

    name: str
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Register:
    """The register of units, as far as names go."""

    units: tuple[RegisteredUnit, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The units' names, in the register's order."""
        return tuple(unit.name for unit in self.units)

    @cached_property
    def _written(self) -> dict[str, str]:
        """Every name as written, with the unit it leads to."""
        return {name: unit.name for unit in self.units for name in (*unit.other_names, unit.name)}

    @cached_property
    def _organs(self) -> dict[str, set[str]]:
        """Every name in its one form, with the units it may lead to."""
        found: dict[str, set[str]] = {}
        for name, unit in self._written.items():
            found.setdefault(same_organ(name), set()).add(unit)
        return found

    def fitting(self, name: str) -> tuple[str, ...]:
        """Return the units that `name` may stand for: the one of this very name or other name, else those of the same organ in other words."""
        if name in self._written:
            return (self._written[name],)
        return tuple(sorted(self._organs.get(same_organ(name), ())))

    def shortened(self, name: str) -> tuple[str, ...]:
        """Return the units whose name is `name` behind the name of an area."""
        short = same_organ(name)
        return tuple(sorted({unit for form, units in self._organs.items() if _is_shortened(short, form) for unit in units}))

    def nearest(self, name: str) -> str | None:
        """Return the unit whose name is most like `name`, None where nothing is near."""
        form = same_organ(name)
        likeness, unit = max(((_likeness(form, other), min(units)) for other, units in self._organs.items()), default=(0.0, ""))
        return unit if likeness else None


@dataclass(frozen=True)
class _Parts:
    """A name taken apart: 甲市 · 科技 · 局. An area or kind that is not said is empty."""

    area: str
    stem: str
    kind: str


def unit_findings(draft: DraftPlan, register: Register) -> Iterator[Finding]:
    """Return what the register says about the names of the items to be issued: each name once, at the first item that has it."""
    places = _places(draft)
    if not register.units:
        if places:
            yield _empty_register(tuple(places))
        return
    for name, items in places.items():
        fitting = register.fitting(name)
        if len(fitting) == 1:
            continue
        fitting = fitting or register.shortened(name)
        yield _ambiguous(name, items[0], fitting) if len(fitting) > 1 else _unknown(name, items[0], register, fitting)


def with_registered_names(draft: DraftPlan, register: Register) -> DraftPlan:
    """Return the draft with every name that fits one registered unit in other words (人社厅) given that unit's name; `as_written` keeps the document's."""
    names = {name: register.fitting(name) for item in draft.items for name in {unit.name for unit in item.units if not unit.open}}
    known = {name: fitting[0] for name, fitting in names.items() if len(fitting) == 1}
    items = tuple(
        item.model_copy(update={"units": tuple(unit.model_copy(update={"name": known.get(unit.name, unit.name)}) for unit in item.units)})
        for item in draft.items
    )
    return draft.model_copy(update={"items": items})


def _places(draft: DraftPlan) -> dict[str, list[ItemDraft]]:
    found: dict[str, list[ItemDraft]] = {}
    for item in issued(draft):
        for name in dict.fromkeys(unit.name for unit in item.units if not unit.open):
            found.setdefault(name, []).append(item)
    return found


def _empty_register(names: tuple[str, ...]) -> Finding:
    message = _("单位名册还是空的，下达时将登记{count}个单位：{names}；请核对名称是否为全称")
    more = _("……") if len(names) > SHOWN_NAMES else ""
    text = message.format(count=len(names), names=_("、").join(names[:SHOWN_NAMES]) + more)
    return Finding(code="unknown-unit", severity="info", message=text)


def _ambiguous(name: str, item: ItemDraft, fitting: Sequence[str]) -> Finding:
    message = _("{item}的单位“{name}”可以是{units}；请改成全称，让人知道指的是哪一个")
    text = message.format(item=item_name(item), name=name, units=_("、").join(f"“{unit}”" for unit in fitting[:SHOWN_NAMES]))
    return Finding(code="ambiguous-unit", severity="error", message=text, item=item.id)


def _unknown(name: str, item: ItemDraft, register: Register, fitting: Sequence[str]) -> Finding:
    proposal = fitting[0] if fitting else register.nearest(name)
    if proposal is None:
        message = _("{item}的单位“{name}”没有登记过；请核对名称，无误的下达时即登记为新单位")
        return Finding(code="unknown-unit", severity="warning", message=message.format(item=item_name(item), name=name), item=item.id)
    message = _("{item}的单位“{name}”没有登记过，是否即“{proposal}”；是的请改用登记的名称，否则下达时登记为新单位")
    text = message.format(item=item_name(item), name=name, proposal=proposal)
    return Finding(code="unknown-unit", severity="warning", message=text, item=item.id)


def _is_shortened(short: str, form: str) -> bool:
    if form == short or not form.endswith(short):
        return False
    left_out = form.removesuffix(short)
    # 市科技局 keeps the word for the level and leaves out which city; 区 is not short for 自治区
    return SHORTENED.fullmatch(left_out) is not None or (len(_parted(short).area) == 1 and not left_out.endswith("自治"))


def _likeness(form: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1: nothing unless area and kind may be the same, then by their stems."""
    one, two = _parted(form), _parted(other)
    if not (_may_be_one_body(one, two) and set(one.stem) & set(two.stem)):
        return 0.0
    likeness = SequenceMatcher(None, one.stem, two.stem, autojunk=False).ratio()
    if likeness < NEAR:
        return 0.0
    # of two equal stems the one of the same area and kind is nearer
    return likeness * (0.95 + 0.05 * SequenceMatcher(None, form, other, autojunk=False).ratio())


def _may_be_one_body(one: _Parts, two: _Parts) -> bool:
    if not (one.area and two.area):
        # 财政局 may be 市财政局, but 县财政局 is not 财政部
        return one.kind == two.kind
    is_same_area = one.area.endswith(two.area) or two.area.endswith(one.area)
    is_region = one.area.endswith("自治区") == two.area.endswith("自治区")
    return is_same_area and is_region and (one.kind == two.kind or {one.kind, two.kind} <= BUREAUS)


@lru_cache(maxsize=20_000)
def _parted(form: str) -> _Parts:
    match = AREA.match(form)
    area = match[0] if match and len(match[0]) < len(form) else ""
    rest = form[len(area) :]
    kind = KIND.search(rest)
    return _Parts(area, KIND.sub("", rest), kind[0] if kind else "")
