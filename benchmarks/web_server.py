"""What `benchmarks.web_load` loads: `python -m benchmarks.web_server pages` serves the pages as `duban serve` does, without Prefect; `empty` a page with nothing in it.

Both run under the very configuration of `flows.embedding`. The empty page is the one of FastAPI's own manual: an endpoint that fills a Jinja template.
"""

import sys

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import DictLoader, Environment

from flows.embedding import Application, guarded, server_config
from runtime.context import open_context
from runtime.flow_board import FlowBoard
from runtime.settings import read_settings
from web.app import create_app

_EMPTY = "<!DOCTYPE html><html><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1></body></html>"


def empty_page() -> FastAPI:
    """Return an application of one page."""
    app = FastAPI()
    templates = Jinja2Templates(env=Environment(loader=DictLoader({"page.html": _EMPTY}), autoescape=True))

    @app.get("/")
    async def page(request: Request) -> Response:
        return templates.TemplateResponse(request, "page.html", {"title": "empty"})

    return app


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    if sys.argv[1] == "empty":
        application: Application = empty_page()
        uvicorn.Server(server_config(application, settings)).run()
        return
    with open_context(settings) as context:
        uvicorn.Server(server_config(guarded(create_app(context, FlowBoard()), settings), settings)).run()


if __name__ == "__main__":
    main()
