"""A noun whose own words do one thing at once: `duban letter 2013` shows, `duban bulletin 2013Q3` writes; `issue` and the other commands are said."""

from typing import Any, ClassVar

from typer.core import TyperGroup


class ShowByDefault(TyperGroup):
    """Read a first word that is no command as an argument of the command `show`."""

    default: ClassVar[str] = "show"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name in where it is left out."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


class WriteByDefault(ShowByDefault):
    """Read it as an argument of the command `write`."""

    default = "write"
