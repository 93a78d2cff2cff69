"""Cutting a paragraph without a note into duties: a sentence that names its own actor, day, round or figure begins a new one, the others go on with the one before.

A part of a sentence after a semicolon begins one only where it names its own actor. A paragraph under a heading about the past or the reasons has none.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from intake.celltimes import period_of
from intake.days import year_start
from intake.deadlines import recurrence_of, told_periods
from intake.draft import TaskDraft, UnitDraft
from intake.periods import Period
from intake.phrases import pieces, readable
from intake.quantities import has_figure, targets_in
from intake.rows import Settings
from intake.subjects import acting_units, begins_with_actor

BACKGROUND = re.compile(
    r"意义|背景|现状|回顾|指导思想|存在问题|基本情况|(?:面临|当前|发展|国际|国内)的?新?的?形势|形势(?:分析|和|与|$)|(?:取得|主要|工作)的?(?:成效|成绩)|成效(?:显著|明显)"
)
MAKING = re.compile(r"(?:制定|制订|出台|印发|发布|启动|召开|编制|成立|组建|设立|举办|开通|建成|建立)[^，。；]{2,}")
TELLS_WHAT = re.compile(r"原则|目标|任务|措施|举措|要求")
# 由某局会同某局组织实施: who does what the sentence before says, nothing of its own.
NAMES_DOERS_ONLY = re.compile(
    r"(?:具体|此项工作|该项工作)?由[^，。；]{2,60}(?:组织实施|负责落实|负责实施|抓好落实|具体实施|负责|牵头|承办|落实)(?=[，。；]|$)"
)
LONGEST_HEADING = 40
OPENS_TASK = re.compile(r"(?:(?:^|[，。；：])(?:到|至|在|力争|争取)?|[要应须将][在于])$")


@dataclass(frozen=True, slots=True)
class Duty:
    """Words of a paragraph that belong together, and who acts in them; `says` tells whether they name an actor, a day, a round or a figure at all."""

    text: str
    units: tuple[UnitDraft, ...]
    says: bool
    sets_figure: bool = False


def whole_duty(text: str, settings: Settings) -> Duty:
    """Return a paragraph as one duty."""
    units, sets_figure = acting_units(text), has_figure(text, settings.base_year)
    return Duty(text, units, bool(units) or sets_figure or _says(text, settings), sets_figure)


def duties_of(text: str, heading: str | None, settings: Settings) -> list[Duty]:
    """Return the duties of a paragraph in order; together they are the whole of it. The run-in heading goes with the first."""
    parts: list[str] = []
    has_own = False
    for number, sentence in enumerate(_sentences(text)):
        says = _says(sentence, settings)
        is_heading = number == 0 and heading is not None
        goes_on = bool(parts) and NAMES_DOERS_ONLY.match(sentence) is not None and not acting_units(parts[-1])
        if parts and not (has_own and says and not is_heading and not goes_on):
            parts[-1] += sentence
            has_own = has_own or says
        else:
            parts.append(sentence)
            has_own = not is_heading
    return [whole_duty(part.strip(), settings) for part in parts if part.strip()]


def is_background(path: tuple[str, ...]) -> bool:
    """Return whether a paragraph stands under a heading that tells why, not what."""
    return any(BACKGROUND.search(heading) and not TELLS_WHAT.search(heading) for heading in path)


def makes_something(heading: str) -> bool:
    """Return whether a heading is a duty by itself: 制定发布…意见, 启动…建设."""
    return MAKING.match(readable(heading)) is not None and len(heading) <= LONGEST_HEADING


def phases_in(text: str, settings: Settings) -> tuple[str, tuple[TaskDraft, ...]]:
    """Return the words before the first phase, and the phases: two or more periods, each at the head of a clause (3月启动…；4月制定…)."""
    clear = readable(text)
    told = told_periods(text, settings.base_year, settings.not_before, settings.frame)
    periods = [period for period in told if _opens(clear, period)]
    if len({period.ends_on for period in periods}) < 2 or len({period.ends_on for period in periods}) != len(periods):
        return text, ()
    ends = [period.at for period in periods[1:]] + [len(text)]
    tasks = tuple(_phase(text[period.at : end], period, settings) for period, end in zip(periods, ends, strict=True))
    return text[: periods[0].at], tasks


def _phase(words: str, period: Period, settings: Settings) -> TaskDraft:
    """Return one phase; its days are those the phrase covers as a whole (4月: the first to the thirtieth), a length of years begins with the plan."""
    has_year = re.search(r"\d{4}|五|年[内间时]|[今明后]", period.text)
    label = period.text if has_year else f"{period.ends_on.year}年{period.text}"
    covered = period_of(re.sub(r"(?:之?前|以前|内)$", "", label), period.ends_on.year)
    starts_on = period.starts_on or (covered.starts_on if covered else settings.frame.starts_on) or year_start(period.ends_on.year)
    bare = words.strip(" ，。；、：,;\u3000")
    targets = targets_in(bare, period.ends_on.year, year=period.ends_on.year)
    return TaskDraft(label=label, starts_on=min(starts_on, period.ends_on), due_on=period.ends_on, text=bare, targets=targets)


def _opens(clear: str, period: Period) -> bool:
    return OPENS_TASK.search(clear, max(period.at - 3, 0), period.at) is not None


def _sentences(text: str) -> list[str]:
    """Return the sentences of `text` with all that stands between them; a semicolon parts them where a new actor follows."""
    clear = readable(text)
    cuts = {end + 1 for _start, end in pieces(clear, "。！？") if end < len(clear)}
    cuts |= {start for start, end in pieces(clear, "。！？；") if start and clear[start - 1] == "；" and begins_with_actor(text[start:end])}
    edges = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    return [text[start:end] for start, end in pairwise(edges) if text[start:end]]


def _says(sentence: str, settings: Settings) -> bool:
    return bool(
        has_figure(sentence, settings.base_year)
        or acting_units(sentence)
        or told_periods(sentence, settings.base_year, settings.not_before, settings.frame)
        or recurrence_of(sentence)
    )
