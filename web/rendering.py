"""Templates to HTML: escaping on, a missing name is an error."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from web.views import FrontPage


def render(template: str, page: FrontPage) -> str:
    """Return the page as HTML."""
    return environment().get_template(template).render(page=page)


@cache
def environment() -> Environment:
    """Return the templates' environment."""
    loader = PackageLoader("web", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
