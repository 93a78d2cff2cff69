"""The kill test in short: what a benchmark prints about a quarter is shown here for one day."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_killed_at_random():
    command = [sys.executable, "-m", "benchmarks.kill_test", "--runs", "4"]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    assert process.stdout.startswith("killed 4 runs")
    assert "lost 0, doubled 0" in process.stdout
    assert "lines never said 0, lines too many 0, ledger whole" in process.stdout
