"""A noun whose own words do one thing at once: `duban letter 2013` shows, `duban letter issue 2013` issues."""

from typing import Any

from typer.core import TyperGroup


class ShowByDefault(TyperGroup):
    """Read a first word that is no command as an argument of the command `show`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name in where it is left out."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)
