"""Much made at once and kept: Python's search for unused circles is put off meanwhile.

The search walks over everything made so far, again and again, while rows by the hundred thousand pile up that are all in use; it takes a third of a large import's time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """Search for no circles inside; what is no longer used goes all the same. One inside another ends with the outer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
