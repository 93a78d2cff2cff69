"""The command line: one module a noun; see `cli.main`."""

import os

# Help and usage in plain lines: rich, which would draw boxes around them, takes as long to load as everything else together.
os.environ.setdefault("TYPER_USE_RICH", "0")
