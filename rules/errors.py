"""The one error a user can cause.

Edges map it once: the command line to exit 1 and one line, a page to its status, a flow to a failed run. Anything else that is raised is a bug.
"""


class DubanError(Exception):
    """A refusal with a stable code and a text for the user.

    `code` is kebab-case and never changes; `message` says what, where and what to do, in the user's language, without a full stop of its own line.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        """Return the line a user reads: `error[code]: message`."""
        return f"error[{self.code}]: {self.message}"
