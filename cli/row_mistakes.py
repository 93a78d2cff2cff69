"""What is wrong with a list that was handed in, told whole to programs; people read the first mistakes in the refusal itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.output import print_json
from services.row_files import RowMistakes


@contextmanager
def mistakes_told(by_program: bool) -> Iterator[None]:
    """Print, for programs, every refused value with its row, its column and why as one JSON document; the refusal goes on to the boundary."""
    try:
        yield
    except RowMistakes as refused:
        if by_program:
            print_json({"error": refused.code, "mistakes": [mistake._asdict() for mistake in refused.mistakes]})
        raise
