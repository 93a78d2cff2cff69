"""Back-up and restore put together: the snapshot, the file, the home. The command line and the flow call this."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from runtime.clock import TIMEZONE, now
from runtime.context import Context
from runtime.database import HEAD, open_engine, snapshot, transaction
from runtime.setting_up import make_ready_to_fill
from runtime.settings import Settings
from runtime.stores import store_of
from services.backups import Backup, BackupManifest, Member, keep_newest, opened_backup
from services.house_files import HouseFiles
from services.restoring import Restore

_OWN_NAME = re.compile(r"duban-\d{4}-\d\d-\d\d-\d{6}\.zip")


@dataclass(frozen=True)
class MadeBackup:
    """A back-up that was written and read back, and the older ones removed for it."""

    place: Path
    manifest: BackupManifest
    removed: tuple[Path, ...] = ()


def write_backup(context: Context, place: Path, along: Callable[[Sequence[str]], Iterable[str]] = iter) -> MadeBackup:
    """Write a back-up to `place`, over what is there, once it is whole. `along` goes through the steps, and may show how far it is."""
    with snapshot(context.engine) as session, Backup(place, session, files_of(context.settings), HEAD, now()) as backup:
        for name in along(backup.steps):
            backup.write(name)
        return MadeBackup(place, backup.finish())


def back_up_by_itself(context: Context, day: date) -> MadeBackup:
    """Write the day's back-up into the folder of back-ups, then remove the oldest beyond those that are kept."""
    folder = context.settings.backups
    made = write_backup(context, folder / f"duban-{day.isoformat()}-{now().astimezone(TIMEZONE):%H%M%S}.zip")
    return MadeBackup(made.place, made.manifest, tuple(keep_newest(folder, context.settings.backup_keep, is_own_backup)))


def files_of(settings: Settings) -> HouseFiles:
    """Return the files that belong to the house beside its database."""
    return HouseFiles(settings.home, store_of(settings))


def is_own_backup(place: Path) -> bool:
    """Tell whether a file is a back-up that the flow made; others are never removed."""
    return _OWN_NAME.fullmatch(place.name) is not None


def restore_backup(settings: Settings, place: Path, along: Callable[[Sequence[Member]], Iterable[Member]] = iter) -> BackupManifest:
    """Put a back-up back into the empty database and home of these settings: all of it or nothing.

    1. The back-up is opened, before anything is made. 2. The tables are made. 3. In one transaction everything is checked, written and proven. What fails leaves tables
    without rows.
    """
    with opened_backup(place) as (archive, manifest):
        engine = open_engine(settings.resolved_database_url)
        try:
            make_ready_to_fill(engine)
            with transaction(engine) as session, Restore(archive, manifest, session, files_of(settings)) as restore:
                restore.check(HEAD)
                for member in along(restore.steps):
                    restore.put(member)
                restore.prove()
        finally:
            engine.dispose()
    return manifest
