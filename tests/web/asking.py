"""The one event loop that every request of the web's tests runs in: a loop and its threads for each request would cost as much as the answer."""

import asyncio
from collections.abc import Coroutine
from contextvars import copy_context
from functools import cache
from typing import Any, TypeVar

Answer = TypeVar("Answer")


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


def answered(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a request to its end; what it sets for itself (a language) is gone afterwards."""
    return _runner().run(asking, context=copy_context())


def end_loop() -> None:
    """Close the loop and its threads, if there was a request."""
    if _runner.cache_info().currsize:
        _runner().close()
        _runner.cache_clear()
