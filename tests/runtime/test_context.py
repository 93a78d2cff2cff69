from pathlib import Path

import pytest

from rules.errors import DubanError
from runtime.context import open_context
from tests.homes import environment_of, new_home, settings_of


def test_the_context_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_DATABASE_URL", raising=False)
    for name, value in environment_of(new_home(tmp_path)).items():
        monkeypatch.setenv(name, value)
    with open_context() as context:
        assert context.settings.home == tmp_path
        assert context.store.folder.parent == context.bulletin_folder.parent == tmp_path


def test_a_database_never_set_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DubanError) as refusal:
        open_context(settings_of(tmp_path))
    assert refusal.value.code == "database-outdated"
