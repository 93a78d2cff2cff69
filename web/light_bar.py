"""A plan's lights as a bar and as words beside it: the bar alone would say nothing to who cannot tell colours."""

from dataclasses import dataclass

from rules.lights import Light
from rules.texts import _
from rules.words import light_word
from services.plan_lights import LightCounts
from web.views import Share

WORST_FIRST = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)


@dataclass(frozen=True)
class Count:
    """A number with its word; `tone` is the colour's name."""

    tone: str
    word: str
    count: int


@dataclass(frozen=True)
class LightBar:
    """The bar's pieces in per cent, its words as one sentence, and the counts with their words, those of nothing left out."""

    task_count: int
    shares: tuple[Share, ...]
    words: str
    counts: tuple[Count, ...]


def light_bar(counted: LightCounts) -> LightBar:
    """Return the bar of counted tasks: the accepted ones first, then from bad to good."""
    counts = [Count("done", _("已办结"), counted.done_count)]
    counts += [Count(light.value, light_word(light), counted.lights[light]) for light in WORST_FIRST]
    there = tuple(one for one in counts if one.count)
    sentence = _("任务 {count} 项").format(count=counted.task_count)
    words = _("，").join([sentence, *(_("{word} {count}").format(word=one.word, count=one.count) for one in there)])
    return LightBar(counted.task_count, _shares(there, counted.task_count), words, there)


def _shares(counts: tuple[Count, ...], whole: int) -> tuple[Share, ...]:
    shares, start = [], 0.0
    for one in counts:
        width = 100 * one.count / whole
        shares.append(Share(one.tone, round(start, 2), round(width, 2)))
        start += width
    return tuple(shares)
