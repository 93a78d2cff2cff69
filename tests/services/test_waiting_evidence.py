"""Files of a refused form wait a day for the next one: for its account and form alone, once each, never what is unfit."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from services.waiting_evidence import KEPT_FOR, MOST_FORMS, WaitingPlace, let_wait
from tests.builders import AT


def sent(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def test_what_is_fit_waits_once_and_is_found_by_its_form_alone(tmp_path: Path) -> None:
    place = WaitingPlace(tmp_path / "waiting", 7, "../../key")
    files = [sent(tmp_path / "one", "验收.txt", b"a"), sent(tmp_path / "two", "again.txt", b"a"), sent(tmp_path, "run.exe", b"MZ\0")]
    let_wait(place, files, AT)
    (found,) = let_wait(place, files[:1], AT)
    assert (found.name, found.path.read_bytes(), place.chosen([found.sha256])) == ("验收.txt", b"a", [found.path])
    assert found.path.resolve().is_relative_to(tmp_path / "waiting" / "7")
    assert WaitingPlace(tmp_path / "waiting", 8, "../../key").files() == []
    assert WaitingPlace(tmp_path / "waiting", 7, "other").files() == []
    place.forget()
    assert place.files() == []


@pytest.mark.parametrize(("after", "remains"), [(timedelta(hours=1), 1), (KEPT_FOR + timedelta(hours=1), 0)], ids=["same-day", "next-day"])
def test_old_ones_are_let_go(tmp_path: Path, after: timedelta, remains: int) -> None:
    place, other = (WaitingPlace(tmp_path / "waiting", 7, key) for key in ("a", "b"))
    let_wait(place, [sent(tmp_path, "a.txt", b"a")], AT)
    os.utime(place.place, (AT.timestamp(), AT.timestamp()))
    let_wait(other, [], AT + after)
    assert len(place.files()) == remains


def test_an_account_hoards_no_more_than_some_forms(tmp_path: Path) -> None:
    places = [WaitingPlace(tmp_path / "waiting", 7, str(number)) for number in range(MOST_FORMS + 3)]
    for place in places:
        let_wait(place, [sent(tmp_path, "a.txt", b"a")], AT)
    assert sum(len(place.files()) for place in places) == MOST_FORMS
