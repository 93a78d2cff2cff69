"""The REST API as an application of its own, to be mounted at `/api/v1`: its refusals are problems, never pages, and it knows no cookie."""

from functools import cache
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from rules.errors import DubanError
from runtime.context import Context
from web.api import bulletins, evidence, ledger, notices, plans, requests, task_acts, tasks, units, work
from web.api.answers import shown_json
from web.api.description import describe
from web.api.envelope import Envelope
from web.api.problems import Refused, no_such_route, not_understood, refused, refused_by_a_service
from web.api.rates import Allowances, Rates

_ROUTERS = (
    *(plans.router, tasks.router, task_acts.router, evidence.router, evidence.uploads, requests.router, notices.router),
    *(bulletins.router, work.router, units.router, ledger.router),
)


def create_api(context: Context, allowances: Allowances | None = None) -> FastAPI:
    """Return the API over an open context; `allowances` are how often tokens may ask, the usual ones where none are given."""
    api = nothing_here(context)
    api.state.context, api.state.rates = context, Rates(allowances or Allowances())
    for router in _ROUTERS:
        api.include_router(router)

    @cache
    def description() -> dict[str, Any]:
        # Half of what starting the API costs, and asked for by few.
        return describe(api)

    @api.get("/openapi.json", include_in_schema=False)
    def openapi(request: Request) -> Response:
        """Return the API's description."""
        return shown_json(request, description())

    return api


def nothing_here(context: Context) -> FastAPI:
    """Return an application without a route, which answers everything with a problem: what lies below `/api` beside the API."""
    bare = FastAPI(title="duban", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    bare.add_exception_handler(DubanError, refused_by_a_service)
    bare.add_exception_handler(Refused, refused)
    bare.add_exception_handler(RequestValidationError, not_understood)
    bare.add_exception_handler(HTTPException, no_such_route)
    bare.add_middleware(Envelope, language=context.settings.lang)
    return bare
