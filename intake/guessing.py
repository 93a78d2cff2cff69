"""Columns whose heads nobody foresaw: what they hold is told by the morphemes of the head and by the cells under it.

Heads that are known (`headings`) decide; this is for the others. Each sense gets points: those of the cells (a share, twice) and of the head's words (one for, or one
against where they speak for another sense). What was guessed is marked, so that a reader is told.
"""

import re
from dataclasses import replace

from intake.cellkinds import CellKind, length_of, looked_at, share_of
from intake.columns import UNIT_ROLES, Column, is_measure
from intake.document import Table
from intake.headings import HEAD_LENGTH, Role
from intake.heads import HEAD_SEARCH_ROWS, spans_all
from intake.leanings import Sense, leanings
from intake.phrases import squeeze

NAMES_ONLY = re.compile(r"单位|部门|[处科股]室|机构|方$")
CELLS_OF: dict[Sense, CellKind] = {"who": "units", "person": "persons", "when": "time", "number": "number", "work": "words"}
ROLES: dict[Sense, Role] = {"person": "note", "when": "due", "number": "number"}
DEPARTMENT = re.compile(r"(?:局|委|办|部|厅|署|委员会|办公室|[^\d][处科股室]|联|中央|分局|法院|检察院)(?:[、，；,;]|$)")
SETS_A_TOTAL = re.compile(r"总|合计|共计|目标|任务|指标|数量|规模")
FOR_SUPPORT = re.compile(r"会签|协|配|帮|助|参|会办|联办|援|撑|辅")
FOR_LEAD = re.compile(r"牵|抓总|主办|主抓|主责|总责|领办|领衔|首[责要]|第一|挂帅")
SETS_FIGURES = re.compile(r"任务|目标|计划|指标|责任|分解|安排")
ENOUGH = 1.2
LEAST_SHARE = 0.3
SURE_SHARE = 0.7
ALL_BUT = 0.85
SHORTEST_WORK = 6
FEWEST = 2
# One row alone, as on a card, is a duty only where heads speak too.
FEWEST_TELLING = 3
# A table for people to read is not wider; beyond that only heads that are known are read.
WIDEST = 40


def guessed(columns: list[Column], below: list[list[str]]) -> list[Column]:
    """Return the columns with roles for those whose heads are unknown, as far as cells and words tell; `below` are the cells under each."""
    if len(columns) > WIDEST:
        return columns
    columns = _contradicted(columns, below)
    found = [_guess(column, below[column.at]) if _is_open(column) else column for column in columns]
    found = _said_before_unsaid(_one_time(found, columns), below)
    if not any(column.role in UNIT_ROLES or column.acting for column in found):
        found = [_units_under_another_head(column, below[column.at]) for column in found]
    return _with_work([_figures(column, below[column.at]) for column in found], below)


def _contradicted(columns: list[Column], below: list[list[str]]) -> list[Column]:
    """Return the columns with a head for work (成果时间表) set aside where its cells hold days or units alone, and another column says the work."""
    work = [column for column in columns if column.role in ("title", "content", "either")]
    wrong = [column for column in work if any(share_of(kind, below[column.at]) >= ALL_BUT for kind in _other_kinds(column))]
    rest = [column for column in work if column not in wrong]
    if not any(length_of(below[column.at]) >= SHORTEST_WORK for column in rest):
        return columns
    return [replace(column, role=None) if column in wrong else column for column in columns]


def _other_kinds(column: Column) -> tuple[CellKind, ...]:
    """Return the kinds that contradict a head for work; projects (市民中心) have names like units."""
    return ("time",) if column.role == "title" else ("time", "units")


def _is_open(column: Column) -> bool:
    return column.role is None and column.period is None and column.acting is None


def _guess(column: Column, texts: list[str]) -> Column:
    if len(looked_at(texts)) == 0:
        return column
    points = {sense: _points(sense, kind, column.head, texts) for sense, kind in CELLS_OF.items() if sense != "work"}
    best = max(points, key=lambda sense: points[sense])
    if points[best] < ENOUGH:
        return column
    role = _unit_role(column.head) if best == "who" else ROLES[best]
    said = leanings(NAMES_ONLY.sub("", squeeze(column.head)) if best == "who" else column.head)
    return replace(column, role=role, is_guess=best not in said)


def _points(sense: Sense, kind: CellKind, head: str, texts: list[str]) -> float:
    share = share_of(kind, texts)
    said = leanings(head)
    words = 1 if sense in said else -1 if said else 0
    return 2 * share + words if share >= LEAST_SHARE else 0.0


def _unit_role(head: str) -> Role:
    bare = re.sub(r"[（(].*", "", squeeze(head))
    return "lead" if FOR_LEAD.search(bare) else "support" if FOR_SUPPORT.search(bare) else "responsible"


def _figures(column: Column, texts: list[str]) -> Column:
    """Return a column of units of measure as such, one of bare figures as what the whole item reaches, where its head speaks of a whole or a task (三年总量)."""
    cells = looked_at(texts)
    if _is_open(column) and cells and all(is_measure(text) for text in cells):
        return replace(column, role="measure")
    is_total = _is_open(column) and share_of("figures", texts) >= ALL_BUT and SETS_A_TOTAL.search(squeeze(column.head))
    return replace(column, role="figure") if is_total and "aside" not in leanings(column.head) else column


def _one_time(columns: list[Column], before: list[Column]) -> list[Column]:
    """Return the columns with one guessed time at most, the last; none beside a time that its head says."""
    has_time = any(column.role == "due" for column in before)
    guesses = [column.at for column, known in zip(columns, before, strict=True) if column.role == "due" and known.role is None]
    return [
        replace(column, role="note") if column.at in guesses and (has_time or column.at != guesses[-1]) else column for column in columns
    ]


def _said_before_unsaid(columns: list[Column], below: list[list[str]]) -> list[Column]:
    """Return the columns without the firms and districts under heads that do not say that they answer, where another head says who does; departments of
    government stay.
    """
    if not any(column.role in ("lead", "responsible") and not column.is_guess for column in columns):
        return columns
    unsaid = [column for column in columns if column.role in UNIT_ROLES and column.is_guess]
    dropped = [column.at for column in unsaid if not _are_departments(below[column.at])]
    return [replace(column, role=None) if column.at in dropped else column for column in columns]


def _are_departments(texts: list[str]) -> bool:
    cells = looked_at(texts)
    return sum(DEPARTMENT.search(text) is not None for text in cells) >= SURE_SHARE * len(cells)


def _units_under_another_head(column: Column, texts: list[str]) -> Column:
    """Return a column of remarks or persons as who answers, where it holds units and nobody else is named."""
    if column.role != "note" or "aside" in leanings(column.head) or share_of("units", texts) < SURE_SHARE:
        return column
    return replace(column, role=_unit_role(column.head), is_guess=True)


def _with_work(columns: list[Column], below: list[list[str]]) -> list[Column]:
    """Return the columns with what is to be done where the heads do not say it: the longest words are the content, the words before them the title."""
    has: set[Role | None] = {column.role for column in columns}
    texts = [column for column in columns if _may_be_work(column, below[column.at])]
    if not texts:
        return columns
    if "content" in has:
        return _with_more_work(columns, texts, below)
    longest = max(texts, key=lambda column: length_of(below[column.at]))
    said = max((length_of(below[column.at]) for column in columns if column.role in ("title", "either")), default=0.0)
    length = length_of(below[longest.at])
    if length < SHORTEST_WORK or (said and (length <= said or "aside" in leanings(longest.head))):
        return columns
    roles: dict[int, Role] = {longest.at: "content"}
    before = [column.at for column in texts if column.at < longest.at]
    if before and not said:
        if len(before) > 1 and "class" not in has:
            roles[before[0]] = "class"
        roles[before[-1]] = "title"
    for column in texts:
        if column.at > longest.at and "work" in leanings(column.head) and length_of(below[column.at]) >= SHORTEST_WORK:
            roles[column.at] = "content"
    return [
        replace(column, role=roles[column.at], is_guess="work" not in leanings(column.head)) if column.at in roles else column
        for column in columns
    ]


def _with_more_work(columns: list[Column], texts: list[Column], below: list[list[str]]) -> list[Column]:
    """Return the columns with those as part of the content that say as much as the content that its head tells, or set figures."""
    told = min(length_of(below[column.at]) for column in columns if column.role == "content")
    more = [
        column.at
        for column in texts
        if not leanings(column.head) & {"aside", "person"}
        and length_of(below[column.at]) >= SHORTEST_WORK
        and (length_of(below[column.at]) >= told or _sets_figures(below[column.at]))
    ]
    return [
        replace(column, role="content", is_guess="work" not in leanings(column.head)) if column.at in more else column for column in columns
    ]


def _sets_figures(texts: list[str]) -> bool:
    cells = looked_at(texts)
    return sum(re.search(r"\d", text) is not None for text in cells) * 2 >= len(cells)


def _may_be_work(column: Column, texts: list[str]) -> bool:
    """Return whether a column holds words under a head nobody knows, or under one that promises figures (目标值)."""
    return (_is_open(column) or column.role == "figure") and share_of("words", texts) >= LEAST_SHARE


def carries_duties(columns: list[Column], below: list[list[str]], caption: str) -> bool:
    """Return whether columns nobody named make a table of duties: units in several rows beside words for work, or beside figures that the caption sets."""
    if _few_rows(below) and sum(bool(leanings(column.head)) for column in columns) < FEWEST_TELLING:
        return False
    least = 1 if _few_rows(below) else FEWEST
    who = [column for column in columns if column.role in UNIT_ROLES and len([text for text in below[column.at] if text]) >= least]
    work = [column for column in columns if column.role in ("title", "content", "either")]
    figures = [column for column in columns if column.role == "figure" or column.period]
    says_work = any(_says_work(below[column.at]) for column in work)
    return bool(who) and (says_work or (len(figures) >= FEWEST and SETS_FIGURES.search(caption) is not None))


def _few_rows(below: list[list[str]]) -> bool:
    return max(map(len, below), default=0) < FEWEST


def _says_work(texts: list[str]) -> bool:
    return length_of(texts) >= SHORTEST_WORK and share_of("words", texts) >= 0.5


def likely_head(table: Table) -> int | None:
    """Return the first row that may be a head of words nobody foresaw: short cells, none of which is a day, a number, or longer than those below."""
    for at in range(min(HEAD_SEARCH_ROWS, len(table.rows) - 1) if table.width <= WIDEST else 0):
        row = table.rows[at]
        filled = {id(cell): squeeze(cell.text) for cell in row if cell.text}
        if len(filled) < FEWEST or spans_all(row) or len(filled) * 2 < table.width:
            continue
        return at if _looks_like_a_head(table, at) else None
    return None


def _looks_like_a_head(table: Table, at: int) -> bool:
    heads = [squeeze(cell.text) for cell in table.rows[at]]
    if any(len(head) > HEAD_LENGTH or re.search(r"[，。；、]", head) for head in heads):
        return False
    rows = [row for row in table.rows[at + 1 :] if not spans_all(row)]
    below = [[squeeze(row[column].text) for row in rows] for column in range(table.width)]
    pairs = [(head, texts) for head, texts in zip(heads, below, strict=True) if head]
    kinds: tuple[CellKind, ...] = ("time", "figures", "units", "number")
    plain = [(head, kind) for head, texts in pairs for kind in kinds if share_of(kind, texts) >= SURE_SHARE]
    if sum(bool(share_of(kind, [head]) and not leanings(head)) for head, kind in plain) * 2 > len(plain):
        return False
    return bool(plain) or sum(length_of(texts) > len(head) for head, texts in pairs) * 2 >= len(pairs)
