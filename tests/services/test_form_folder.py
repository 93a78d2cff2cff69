"""The watched folder: forms put there are taken in once, and each ends beside a note, whatever is wrong with it."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from models.form import Form
from rules.errors import DubanError
from services.form_folder import FormFolder, collect_forms
from services.occasion import SYSTEM
from services.store import Store
from tests.builders import on
from tests.databases import on_one_kind
from tests.services.form_fixtures import REPORT, RETURNED_ON, house, the_ledger_tells_all, values

__all__ = ["house", "the_ledger_tells_all"]

DAY = RETURNED_ON.isoformat()
SYSTEM_THEN = on(RETURNED_ON, SYSTEM)
# The first task's figure: the column of the sum.
FIGURE = f"{REPORT}!I4"


@pytest.fixture
def folder(house):
    inbox = house.folder / "forms" / "inbox"
    inbox.mkdir(parents=True)

    @contextmanager
    def transaction():
        with house.session.begin_nested():
            yield house.session

    return FormFolder(inbox, Store(house.folder / "store"), transaction, lambda _seconds: None)


def put(house, folder, cells, name="科技厅.xlsx"):
    """Lay a form with these cells filled in into the inbox."""
    place = house.returned(house.form(), cells)
    return place.rename(folder.inbox / name)


def shown(folder):
    """Every file below the folders, by its place."""
    root = folder.inbox.parent
    return sorted(place.relative_to(root).as_posix() for place in root.rglob("*") if place.is_file())


def note(folder, where):
    content = (folder.inbox.parent / where).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig")


def test_a_form_is_taken_in_by_the_system_and_moved(house, folder):
    put(house, folder, {FIGURE: 3})
    report = collect_forms(folder, SYSTEM_THEN)
    assert [(form.is_taken, form.is_left, form.rows_taken) for form in report.forms] == [(True, False, 1)]
    assert values(house.session) == [3]
    assert shown(folder) == [f"done/{DAY}/科技厅.xlsx", f"done/{DAY}/科技厅.xlsx.txt"]
    assert "已收" in note(folder, f"done/{DAY}/科技厅.xlsx.txt")


def test_the_same_file_again_changes_nothing_and_keeps_the_first_ones_place(house, folder):
    place = put(house, folder, {FIGURE: 3})
    content = place.read_bytes()
    collect_forms(folder, SYSTEM_THEN)
    place.write_bytes(content)
    [form] = collect_forms(folder, SYSTEM_THEN).forms
    assert (form.is_taken, form.rows_taken) == (True, 0)
    assert values(house.session) == [3]
    assert f"done/{DAY}/科技厅-2.xlsx" in shown(folder)
    assert "没有新的内容" in note(folder, f"done/{DAY}/科技厅-2.xlsx.txt")


def test_one_wrong_row_keeps_the_form_out_and_the_note_says_where(house, folder):
    put(house, folder, {FIGURE: "约三个"})
    [form] = collect_forms(folder, SYSTEM_THEN).forms
    assert (form.is_taken, form.is_left) == (False, False)
    assert values(house.session) == []
    said = note(folder, f"refused/{DAY}/科技厅.xlsx.txt")
    assert f"“{REPORT}”第 4 行" in said


@on_one_kind
def test_a_broken_file_does_not_stop_the_others(house, folder):
    put(house, folder, {FIGURE: 3})
    (folder.inbox / "a.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (folder.inbox / "b.docx").write_bytes(b"minutes")
    (folder.inbox / "c.xlsx").write_bytes(b"")
    report = collect_forms(folder, SYSTEM_THEN)
    assert {form.file: form.is_taken for form in report.forms} == {"a.xlsx": False, "b.docx": False, "c.xlsx": False, "科技厅.xlsx": True}
    assert values(house.session) == [3]
    assert "没有收" in note(folder, f"refused/{DAY}/a.xlsx.txt")
    assert not list(folder.inbox.iterdir())


@on_one_kind
@pytest.mark.parametrize("name", ["~$科技厅.xlsx", ".科技厅.xlsx", "科技厅.xlsx.part", "科技厅.xlsx.crdownload", "科技厅.tmp"])
def test_what_is_still_being_written_is_left_alone(folder, name):
    (folder.inbox / name).write_bytes(b"half")
    (folder.inbox / "folder.xlsx").mkdir()
    assert collect_forms(folder, SYSTEM_THEN).forms == ()
    assert shown(folder) == [f"inbox/{name}"]


@on_one_kind
@pytest.mark.parametrize("lock", ["~$科技厅.xlsx", "~$厅.xlsx", ".~lock.科技厅.xlsx#", ".~科技厅.xlsx"])
def test_a_form_that_is_open_in_a_spreadsheet_program_is_left_alone(house, folder, lock):
    put(house, folder, {FIGURE: 3})
    (folder.inbox / lock).write_bytes(b"somebody")
    report = collect_forms(folder, SYSTEM_THEN)
    assert (report.forms, report.unfinished) == ((), ("科技厅.xlsx",))
    assert values(house.session) == []


@on_one_kind
def test_a_form_that_grows_while_it_is_looked_at_is_left_for_the_next_time(house, folder):
    place = put(house, folder, {FIGURE: 3})

    def grow(_seconds):
        with place.open("ab") as file:
            file.write(b"more")

    report = collect_forms(replace(folder, pause=grow), SYSTEM_THEN)
    assert (report.forms, report.unfinished) == ((), ("科技厅.xlsx",))


@on_one_kind
def test_links_are_not_followed(house, folder):
    place = put(house, folder, {FIGURE: 3})
    elsewhere = place.rename(house.folder / "elsewhere.xlsx")
    (folder.inbox / "link.xlsx").symlink_to(elsewhere)
    assert collect_forms(folder, SYSTEM_THEN).forms == ()
    assert elsewhere.exists()


@on_one_kind
def test_a_database_in_use_is_no_fault_of_the_form(house, folder):
    put(house, folder, {FIGURE: 3})

    @contextmanager
    def busy():
        raise DubanError("database-busy", "数据库正忙")
        yield

    [form] = collect_forms(replace(folder, open_transaction=busy), SYSTEM_THEN).forms
    assert form.is_left
    assert shown(folder) == ["inbox/科技厅.xlsx"]
    assert [form.is_taken for form in collect_forms(folder, SYSTEM_THEN).forms] == [True]


@on_one_kind
def test_a_crash_between_taking_in_and_moving_heals_at_the_next_run(house, folder):
    place = put(house, folder, {FIGURE: 3})
    content = place.read_bytes()
    collect_forms(folder, SYSTEM_THEN)
    # As if the machine had stopped after the note, before the move.
    (folder.inbox.parent / "done" / DAY / place.name).rename(place)
    assert place.read_bytes() == content
    [form] = collect_forms(folder, SYSTEM_THEN).forms
    assert form.is_taken
    assert shown(folder) == [f"done/{DAY}/科技厅.xlsx", f"done/{DAY}/科技厅.xlsx.txt"]
    assert values(house.session) == [3]
    assert house.session.get(Form, 1).returned_on == RETURNED_ON


@on_one_kind
def test_a_file_where_the_folder_should_be_is_refused(house, folder):
    (house.folder / "file").write_text("no folder")
    with pytest.raises(DubanError) as refusal:
        collect_forms(replace(folder, inbox=house.folder / "file" / "inbox"), SYSTEM_THEN)
    assert refusal.value.code == "folder-unusable"
