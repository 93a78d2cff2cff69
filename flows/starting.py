"""How a worker starts a run: Prefect's engine at once.

Left to itself, a worker has each run first load Prefect to find out where the flow's code lies, and then load it again in that place. Ours is installed with duban.
"""

import shlex
import sys
from typing import Any

from prefect.workers.process import ProcessJobConfiguration


class InstalledFlow(ProcessJobConfiguration):
    """A run of a flow that the worker's own Python can import; a command that an operator has set on his pool is his."""

    def prepare_for_flow_run(self, *about: Any, **more: Any) -> None:
        """Name the command that starts the run, where there is none, before Prefect looks for one."""
        self.command = self.command or shlex.join([sys.executable, "-m", "prefect.engine"])
        super().prepare_for_flow_run(*about, **more)
