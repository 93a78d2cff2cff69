"""What several pages are asked with in their address."""

from typing import Annotated

from fastapi import Query

After = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
"""The number of the last row of the page before: the list goes on beyond it."""
