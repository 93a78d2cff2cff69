import os
import subprocess
import sys

import pytest

from runtime.processes import is_gone, this_process

ASK = "from runtime.processes import this_process; print(this_process(), flush=True); input()"


def test_the_process_that_asks_lives() -> None:
    assert not is_gone(this_process())


def test_another_process_lives_until_it_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        assert name != this_process()
        assert not is_gone(name)
        other.kill()
        other.wait()
        assert is_gone(name)


def test_one_that_ended_is_gone_though_nobody_asked_for_it() -> None:
    with subprocess.Popen([sys.executable, "-c", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(name)


def test_a_number_given_out_again_is_another_process() -> None:
    machine, number, started = this_process().split(":")
    assert is_gone(f"{machine}:{number}:{int(started) + 1}")


@pytest.mark.parametrize("name", ["elsewhere:1:1", "elsewhere:99999999:1", "", "nonsense", "a:b:c"])
def test_what_cannot_be_known_may_live(name: str) -> None:
    assert not is_gone(name)
