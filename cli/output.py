"""How commands speak: tables for people, plain lines for pipes, one JSON document for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from typing import Annotated, Any, TypeVar

import typer

from rules.texts import _

Step = TypeVar("Step")

JsonOption = Annotated[bool, typer.Option("--json", help=_("只输出一个 JSON 文档"))]


def print_json(value: Any) -> None:
    """Print one JSON document: dataclasses as objects, days as ISO text, Chinese as it is."""
    print(json.dumps(_plain(value), ensure_ascii=False, indent=2, default=str))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """Print a table on a terminal; elsewhere one line a row, cells parted by tabs, so that nothing is cut."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        print("\n".join("\t".join(cell.replace("\n", " ") for cell in row) for row in [list(heads), *texts]))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, title=title, show_lines=False)
    for row in texts:
        # Text, not markup: a bracket in a title is no style.
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def say(text: str) -> None:
    """Print a line for people."""
    print(text)


def note(text: str) -> None:
    """Print a remark beside the result, on stderr."""
    print(text, file=sys.stderr)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def progress(steps: Sequence[Step], title: str) -> Iterable[Step]:
    """Go through the steps with a progress bar on a terminal, silently elsewhere."""
    if not sys.stderr.isatty():
        return steps
    from rich.console import Console
    from rich.progress import track

    return track(steps, title, console=Console(stderr=True), transient=True)


@contextmanager
def counting(total: int, title: str) -> Iterator[Callable[[int], None]]:
    """Give what is to be told of every part done; on a terminal it moves a progress bar, elsewhere it does nothing."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)
