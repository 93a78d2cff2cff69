"""`duban serve`: starts pages and schedule in this process, both by module name, since the command line knows neither of them."""

from importlib import import_module

from rules.texts import _
from runtime.settings import Settings

_SERVER = "flows.embedding"
_PAGES = "web.app:create_app"


def serve(settings: Settings, host: str | None = None, port: int | None = None, *, with_flows: bool = True) -> None:
    """Serve until stopped, at the address of the settings unless another is given; without the flows where another process runs them."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    import_module(_SERVER).run_server(settings.model_copy(update=given), _PAGES, _announce, with_flows=with_flows)


def _announce(address: str) -> None:
    print(_("网页：{address}（停止请按 Ctrl+C）").format(address=address), flush=True)
