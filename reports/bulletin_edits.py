"""An office's own part of a bulletin, kept apart from its figures: words in place of a sentence, picks, addressees. As a text file with a section for each key.

Whoever edits changes a section's words or marks picks; what stands as it was proposed is no edit.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from reports import problem_sentences, sentences
from reports.bulletin import Bulletin
from rules.errors import DubanError
from rules.texts import _

SECTIONS = ("overall", "good", "lagging", "problems", "next")
PICK_GOOD, PICK_PROBLEMS = "pick.good", "pick.problems"
_LISTS = ("to", "copies_to")
_PICKED = re.compile(r"- \[([ xX])\] (\S+)")


@dataclass(frozen=True)
class Edits:
    """What an office put in. `texts` are words by sentence key (empty: the sentence is left out; `overall.more` adds a paragraph to a section); `good` and
    `problems` are picked keys, None where the proposal stands.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    good: tuple[str, ...] | None = None
    problems: tuple[str, ...] | None = None
    to: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    contact: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what was put in, and nothing else."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != getattr(NO_EDITS, name)
        }


NO_EDITS = Edits()


def edits_from(said: Mapping[str, Any]) -> Edits:
    """Return the edits that were kept as plain values."""
    good, problems = said.get("good"), said.get("problems")
    return Edits(
        texts=dict(said.get("texts", {})),
        good=None if good is None else tuple(good),
        problems=None if problems is None else tuple(problems),
        to=tuple(said.get("to", ())),
        copies_to=tuple(said.get("copies_to", ())),
        contact=said.get("contact", ""),
    )


def sentences_of(bulletin: Bulletin, edits: Edits = NO_EDITS) -> dict[str, list[sentences.Sentence]]:
    """Return the proposed sentences of each section, in the order of the paper, with the picks of an office."""
    told = problem_sentences.picked_problems(bulletin, edits.problems)
    none = [sentences.Sentence("problems.none", _("本期没有台账记录的问题。"))]
    return {
        "lead": sentences.lead(bulletin),
        "overall": sentences.overall(bulletin),
        "good": sentences.good_progress(bulletin, edits.good),
        "lagging": sentences.lagging(bulletin),
        "problems": [sentences.Sentence(key, text) for key, text in told.items()] or none,
        "next": sentences.next_tasks(bulletin),
    }


def as_text(bulletin: Bulletin, edits: Edits) -> str:
    """Return the file that an office edits: every section under its key, picks as boxes."""
    return "\n".join(_lines(bulletin, edits)) + "\n"


def _lines(bulletin: Bulletin, edits: Edits) -> Iterator[str]:
    yield _("# 通报文字 {period}").format(period=bulletin.period)
    yield ""
    yield _(
        "<!-- 每个“##”下面是一段文字，可以改写；删去文字则不印这一段；“.more”下面可以另加一段。选取用 [x]，不选用 [ ]。数字以台账为准，不在这里改。 -->"
    )
    for key, text in proposed_texts(bulletin, edits).items():
        yield from ("", f"## {key}", "", edits.texts.get(key, text))


def proposed_texts(bulletin: Bulletin, edits: Edits) -> dict[str, str]:
    """Return the text that stands under each key unless it was worded anew; picks as boxes, one a line."""
    found = {
        "to": "\n".join(edits.to or (_("各责任单位"),)),
        "copies_to": "\n".join(edits.copies_to),
        "contact": edits.contact,
        PICK_GOOD: boxes(picks_of(bulletin, edits, PICK_GOOD)),
        PICK_PROBLEMS: boxes(picks_of(bulletin, edits, PICK_PROBLEMS)),
    }
    for section, told in sentences_of(bulletin, edits).items():
        found |= {sentence.key: sentence.text for sentence in told}
        if section in SECTIONS:
            found[f"{section}.more"] = ""
    # What was worded anew and is not proposed now is kept in sight.
    return found | {key: "" for key in edits.texts if key not in found}


def picks_of(bulletin: Bulletin, edits: Edits, key: str) -> dict[str, tuple[str, bool]]:
    """Return what can be picked under `PICK_GOOD` or `PICK_PROBLEMS`: by its key the words, and whether it is picked now."""
    if key == PICK_GOOD:
        return _picked({**sentences.good_items(bulletin), **sentences.good_units(bulletin)}, edits.good, None)
    return _picked(problem_sentences.problems(bulletin), edits.problems, problem_sentences.PROPOSED)


def _picked(candidates: Mapping[str, str], picks: Sequence[str] | None, most: int | None) -> dict[str, tuple[str, bool]]:
    chosen = list(candidates)[:most] if picks is None else picks
    return {key: (text, key in chosen) for key, text in candidates.items()}


def boxes(picks: Mapping[str, tuple[str, bool]]) -> str:
    """Return picks as the boxes of an edited file, one a line."""
    return "\n".join(f"- [{'x' if is_on else ' '}] {key} {text}" for key, (text, is_on) in picks.items())


def read_text(bulletin: Bulletin, edits: Edits, written: str) -> Edits:
    """Return the edits after an office changed the file. Refused with unknown-edit-key (its line is named) where a key is not one of the bulletin's."""
    return read_sections(bulletin, edits, _sections(written))


def read_sections(bulletin: Bulletin, edits: Edits, sections: Mapping[str, tuple[int, str]]) -> Edits:
    """Return the edits after an office changed these sections: by key the line it stands in and its words, picks as boxes. Code: unknown-edit-key."""
    proposed = proposed_texts(bulletin, edits)
    plain = {sentence.key: sentence.text for told in sentences_of(bulletin, edits).values() for sentence in told}
    texts, others = dict(edits.texts), {}
    for key, (line, text) in sections.items():
        if key not in proposed and key not in problem_sentences.problems(bulletin):
            raise DubanError(
                "unknown-edit-key",
                _("第 {line} 行的“{key}”不是这份通报的段落；可用的有 {known}").format(line=line, key=key, known=_("、").join(proposed)),
            )
        if key in (*_LISTS, "contact", PICK_GOOD, PICK_PROBLEMS):
            others[key] = text
        elif text == plain.get(key, "") and (key in plain or not text):
            texts.pop(key, None)
        else:
            texts[key] = text
    return _with_lists(edits, bulletin, texts, others)


def _with_lists(edits: Edits, bulletin: Bulletin, texts: Mapping[str, str], others: Mapping[str, str]) -> Edits:
    to = _names(others["to"]) if "to" in others else edits.to
    return Edits(
        texts=texts,
        good=_picks(bulletin, others.get(PICK_GOOD), edits, PICK_GOOD),
        problems=_picks(bulletin, others.get(PICK_PROBLEMS), edits, PICK_PROBLEMS),
        to=() if to == (_("各责任单位"),) else to,
        copies_to=_names(others["copies_to"]) if "copies_to" in others else edits.copies_to,
        contact=others.get("contact", edits.contact).strip(),
    )


def _picks(bulletin: Bulletin, written: str | None, edits: Edits, key: str) -> tuple[str, ...] | None:
    before = edits.good if key == PICK_GOOD else edits.problems
    if written is None:
        return before
    chosen = tuple(found[2] for found in map(_PICKED.match, written.splitlines()) if found and found[1] in "xX")
    candidates = list(problem_sentences.problems(bulletin)) if key == PICK_PROBLEMS else _good_keys(bulletin)
    if unknown := [one for one in chosen if one not in candidates]:
        raise DubanError("unknown-edit-key", _("“{key}”下选取的“{one}”不在候选之列").format(key=key, one=unknown[0]))
    proposed = tuple(candidates[: problem_sentences.PROPOSED] if key == PICK_PROBLEMS else candidates)
    return None if before is None and chosen == proposed else chosen


def _good_keys(bulletin: Bulletin) -> list[str]:
    return [*sentences.good_items(bulletin), *sentences.good_units(bulletin)]


def _names(written: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split(r"[、，,;；\n]", written) if name.strip())


def _sections(written: str) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, list[str]]] = {}
    current: list[str] | None = None
    for number, line in enumerate(written.replace("\r\n", "\n").split("\n"), start=1):
        if line.startswith("## "):
            current = []
            found[line[3:].strip()] = (number, current)
        elif current is not None and not line.lstrip().startswith("<!--"):
            current.append(line.rstrip())
    return {key: (number, "\n".join(lines).strip()) for key, (number, lines) in found.items()}
