import shutil
from pathlib import Path

import pytest

from rules.errors import DubanError
from runtime.context import open_context
from runtime.settings import read_settings


def test_the_context_of_the_environment(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(migrated_file, tmp_path / "duban.db")
    monkeypatch.delenv("DUBAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path))
    with open_context() as context:
        assert context.settings.home == tmp_path
        assert context.store.folder.parent == context.bulletin_folder.parent == tmp_path


def test_a_database_never_set_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DubanError) as refusal:
        open_context(read_settings(home=tmp_path, database_url=f"sqlite:///{tmp_path / 'new.db'}"))
    assert refusal.value.code == "database-outdated"
