"""Back-up and restore: the same rows and files again, in either database, all or nothing."""

import stat
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from models.publication import JobSlot, Publication, PublicationKind
from models.unit import Unit
from rules.cascade import Figure
from rules.errors import DubanError
from runtime.database import HEAD, open_engine, snapshot, transaction
from services.backups import MANIFEST, Backup, keep_newest, opened_backup, tables_in_order
from services.cascade import decompose_task
from services.house_files import HouseFiles
from services.ledger import first_break
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.restoring import Restore
from services.shares import Share
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import AT, TODAY, issued, keep, on, people
from tests.databases import new_database
from tests.homes import settings_of
from tests.services.tree_fixtures import NORTH, lower_units

BEGUN_ON = date(2013, 1, 7)


def build(engine: Engine, home: Path) -> None:
    """A house with units above units, tasks handed down, a report with evidence, and a slot."""
    with transaction(engine) as session:
        actors = people(session)
        issued(session, actors.office)
        lower = lower_units(session)
        acknowledge_task(session, 1, on(BEGUN_ON, actors.science))
        decompose_task(session, 1, [Share(NORTH, {"示范县": Figure(10, 10)})], on(BEGUN_ON, actors.science))
        acknowledge_task(session, 7, on(BEGUN_ON, lower.north))
        record_progress(session, 7, ProgressInput({}, text="首批“已定”\n<两县>"), Store(home / "store"), on(TODAY, lower.north))
        # Rows that point to later rows of their own table.
        upper = session.get(Unit, 1)
        upper.successor_id = session.scalar(sa.select(sa.func.max(Unit.id)))
        keep(session, upper, day=TODAY)
        # And one to an earlier row, which a constraint asks of it.
        paper = {
            "kind": PublicationKind.BULLETIN,
            "scope": "all",
            "period": "2013Q1",
            "year": 2013,
            "published_on": TODAY,
            "published_at": AT,
        }
        session.add(Publication(**paper, number=1, view={}, ledger_head="0" * 64))
        session.flush()
        session.add(Publication(**paper, number=2, version=2, corrects_id=1, view={}, ledger_head="0" * 64))
        session.add(JobSlot(flow="send-reminders", slot="2013-04-02", owner="one", started_at=AT))
    Store(home / "store").keep(b"evidence")
    (home / "seals").mkdir()
    (home / "seals" / "2013-04-02.json").write_text("{}")
    (home / "channels.toml").write_text("secret")


def rows_of(engine: Engine) -> dict[str, list[tuple]]:
    with engine.connect() as connection:
        tables = tables_in_order()
        return {table.name: connection.execute(sa.select(table).order_by(*table.primary_key.columns)).all() for table in tables}


def files_in(home: Path) -> HouseFiles:
    return HouseFiles(home, Store(home / "store"))


def files_below(home: Path) -> list[str]:
    return list(files_in(home).places())


def back_up(engine: Engine, home: Path, place: Path) -> Path:
    with snapshot(engine) as session, Backup(place, session, files_in(home), HEAD, AT) as backup:
        for name in backup.steps:
            backup.write(name)
        backup.finish()
    return place


def restore(engine: Engine, home: Path, place: Path, schema: str = HEAD) -> None:
    with (
        opened_backup(place) as (archive, manifest),
        transaction(engine) as session,
        Restore(archive, manifest, session, files_in(home)) as restoring,
    ):
        restoring.check(schema)
        for member in restoring.steps:
            restoring.put(member)
        restoring.prove()


@pytest.fixture
def empty(second_engine: Engine) -> Engine:
    return second_engine


@pytest.fixture
def on_postgresql(postgres_template: str) -> Iterator[Engine]:
    engine = open_engine(new_database(postgres_template, "migrated"))
    yield engine
    engine.dispose()


@pytest.fixture
def filled(one_engine: Engine, tmp_path: Path) -> Engine:
    build(one_engine, tmp_path / "home")
    return one_engine


@pytest.fixture
def made(filled: Engine, tmp_path: Path) -> Path:
    return back_up(filled, tmp_path / "home", tmp_path / "made.zip")


def test_there_and_back_again_row_for_row(filled, made, on_postgresql, empty, tmp_path):
    restore(on_postgresql, tmp_path / "second", made)
    assert rows_of(on_postgresql) == rows_of(filled)
    again = back_up(on_postgresql, tmp_path / "second", tmp_path / "again.zip")
    restore(empty, tmp_path / "third", again)
    assert rows_of(empty) == rows_of(filled)
    assert files_below(tmp_path / "third") == files_below(tmp_path / "home")
    assert all(
        (tmp_path / "third" / name).read_bytes() == (tmp_path / "home" / name).read_bytes() for name in files_below(tmp_path / "home")
    )
    with transaction(on_postgresql) as session:
        # The numbers go on behind those that were put back.
        keep(session, Unit(name="新单位"), day=TODAY)
        assert differences(session) == []
        assert first_break(session) is None


def test_a_back_up_is_the_owners_alone_and_holds_no_key(made):
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    with ZipFile(made) as archive:
        names = archive.namelist()
        assert not [name for name in names if "channels" in name or "prefect" in name]
        assert {name.partition("/")[0] for name in names} == {"tables", "store", "seals", MANIFEST}


def spoilt(made: Path, spoil: str) -> Path:
    """A copy of the back-up with one thing changed."""
    place = made.with_name("spoilt.zip")
    if spoil == "cut":
        place.write_bytes(made.read_bytes()[:-200])
        return place
    with ZipFile(made) as source, ZipFile(place, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "tables/unit.jsonl" and spoil == "row":
                content = content.replace("省科技厅".encode(), "省財政厅".encode())
            if not (name == "tables/task.jsonl" and spoil == "member"):
                target.writestr(name, content)
        if spoil == "stranger":
            target.writestr("store/../../outside", b"x")
    return place


@pytest.mark.parametrize("spoil", ["cut", "row", "member", "stranger"])
def test_a_damaged_back_up_leaves_nothing(made, empty, tmp_path, spoil):
    with pytest.raises(DubanError) as refusal:
        restore(empty, tmp_path / "third", spoilt(made, spoil))
    assert refusal.value.code == "backup-damaged"
    assert not any(rows_of(empty).values())
    assert files_below(tmp_path / "third") == []


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "file-missing"), (b"", "backup-damaged"), (b"PK\x05\x06" + bytes(18), "backup-damaged")],
    ids=["none", "empty", "no-manifest"],
)
def test_what_is_no_back_up_is_refused(empty, tmp_path, content, code):
    if content is not None:
        (tmp_path / "it.zip").write_bytes(content)
    with pytest.raises(DubanError) as refusal:
        restore(empty, tmp_path, tmp_path / "it.zip")
    assert refusal.value.code == code


def test_another_version_is_refused(made, empty, tmp_path):
    with pytest.raises(DubanError) as refusal:
        restore(empty, tmp_path / "third", made, "0999")
    assert refusal.value.code == "backup-other-version"


def test_only_an_empty_database_and_home_are_restored_into(filled, made, empty, tmp_path):
    with pytest.raises(DubanError) as refusal:
        restore(filled, tmp_path / "third", made)
    assert refusal.value.code == "database-filled"
    Store(tmp_path / "third" / "store").keep(b"another house's")
    with pytest.raises(DubanError) as refusal:
        restore(empty, tmp_path / "third", made)
    assert refusal.value.code == "home-filled"


def test_a_restore_that_breaks_in_the_middle_leaves_nothing(made, empty, tmp_path):
    def break_off():
        home = tmp_path / "third"
        with (
            opened_backup(made) as (archive, manifest),
            transaction(empty) as session,
            Restore(archive, manifest, session, files_in(home)) as restoring,
        ):
            for member in restoring.steps:
                restoring.put(member)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert not any(rows_of(empty).values())
    assert files_below(tmp_path / "third") == []


def test_a_back_up_of_a_broken_ledger_is_not_restored(filled, empty, tmp_path):
    with filled.begin() as connection:
        connection.execute(sa.text("UPDATE ledger_head SET hash = 'x' WHERE chain = 'house'"))
    made = back_up(filled, tmp_path / "home", tmp_path / "broken.zip")
    with pytest.raises(DubanError) as refusal:
        restore(empty, tmp_path / "third", made)
    assert refusal.value.code == "ledger-broken"
    assert not any(rows_of(empty).values())


def test_a_place_that_cannot_be_written_is_refused_and_leaves_nothing(filled, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DubanError) as refusal:
        back_up(filled, tmp_path / "home", tmp_path / "file" / "it.zip")
    assert refusal.value.code == "file-not-written"
    with snapshot(filled) as session, Backup(tmp_path / "half.zip", session, files_in(tmp_path), HEAD, AT) as backup:
        backup.write(backup.steps[0])
    assert not [place.name for place in tmp_path.iterdir() if "half" in place.name]


def test_only_the_newest_are_kept_and_strangers_stay(tmp_path):
    for day in ("01", "02", "03"):
        (tmp_path / f"own-{day}.zip").write_text(day)
    (tmp_path / "mine.zip").write_text("")
    removed = keep_newest(tmp_path, 2, lambda place: place.name.startswith("own-"))
    assert [place.name for place in removed] == ["own-01.zip"]
    assert sorted(place.name for place in tmp_path.glob("*.zip")) == ["mine.zip", "own-02.zip", "own-03.zip"]


def test_many_rows_do_not_need_the_memory_of_many_rows(filled, empty, tmp_path):
    """4 000 rows of about a kilobyte are 4 MB as text alone, and several times that as objects."""
    slots = (
        {"flow": "f", "slot": str(number), "state": "done", "owner": "o" * 100, "started_at": AT, "summary": {"a": "x" * 900}}
        for number in range(4_000)
    )
    with filled.begin() as connection:
        connection.execute(sa.insert(JobSlot.__table__), list(slots))
    tracemalloc.start()
    made = back_up(filled, tmp_path / "home", tmp_path / "large.zip")
    restore(empty, tmp_path / "third", made)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 6_000_000, most


def test_an_engine_of_the_installation_restores_too(made, tmp_path):
    from runtime.backing_up import restore_backup

    settings = settings_of(tmp_path / "fresh")
    seen = []
    restore_backup(settings, made, lambda steps: (seen.append(step.name) or step for step in steps))
    assert len(seen) == 2 + len(tables_in_order())
    engine = open_engine(settings.resolved_database_url)
    assert rows_of(engine)["unit"]
    engine.dispose()
