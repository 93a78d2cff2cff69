"""The files that an operator copies from `deploy/`: every setting and command in them is one that exists."""

import configparser
import re
import subprocess
from pathlib import Path

import pytest
import typer
import yaml
from prefect.settings.models.root import Settings as PrefectSettings

from cli import flows, setup
from runtime.settings import Settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
HARDENED = ("NoNewPrivileges", "PrivateTmp", "ProtectSystem", "ProtectHome", "RestrictAddressFamilies", "CapabilityBoundingSet", "UMask")
# Unset by default, so not in the list.
UNSET = {
    "PREFECT_API_URL",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_SERVER_UI_STATIC_DIRECTORY",
}
KNOWN = (
    UNSET
    | set(PrefectSettings().to_environment_variables(include_aliases=True))
    | {f"DUBAN_{name.upper()}" for name in Settings.model_fields}
)


def service(unit: Path) -> configparser.SectionProxy:
    read = configparser.RawConfigParser(strict=False, comment_prefixes=("#",))
    read.optionxform = str  # type: ignore[method-assign,assignment]
    read.read(unit)
    return read["Service"]


def named_settings() -> dict[str, set[str]]:
    """The settings that each file names."""
    files = [place for place in DEPLOY.rglob("*") if place.is_file()]
    return {
        place.name: set(re.findall(r"^\s*(?:- )?(?:Environment=)?((?:DUBAN|PREFECT)_[A-Z_]+)(?:=|: )", place.read_text(), re.M))
        for place in files
    }


def test_every_setting_is_one_that_is_read() -> None:
    # These two go into PostgreSQL's container, for the script that makes the databases.
    passwords = {"DUBAN_DB_PASSWORD", "PREFECT_DB_PASSWORD"}
    found = named_settings()
    assert {name: names - KNOWN - passwords for name, names in found.items() if names - KNOWN - passwords} == {}
    assert len(set().union(*found.values())) > 25


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_exists_and_may_do_little(unit: Path) -> None:
    said = service(unit)
    program, *arguments = said["ExecStart"].split()
    assert set(HARDENED) <= set(said)
    if program.endswith("/duban"):
        refuse_unknown(arguments)
    else:
        assert (program.rpartition("/")[2], arguments) == ("prefect", ["server", "start"])


def test_the_composed_services_start_commands_that_exist() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    ours = [one for one in composed["services"].values() if one["image"] == "duban:local" and "entrypoint" not in one]
    assert len(ours) >= 4
    for one in ours:
        refuse_unknown([str(argument) for argument in one["command"]])


def refuse_unknown(arguments: list[str]) -> None:
    """Fail on a command or an option that `duban` does not have."""
    noun, *rest = arguments
    apps = {"serve": setup.serve_app, "init": setup.init_app, "flows": flows.app}
    command = typer.main.get_command(apps[noun])
    if noun == "flows":
        command = command.commands[rest.pop(0)]  # type: ignore[attr-defined]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {argument for argument in rest if argument.startswith("--")} <= options


def test_the_script_of_the_databases_is_a_script() -> None:
    assert subprocess.run(["sh", "-n", DEPLOY / "databases.sh"], check=False).returncode == 0


def test_the_image_installs_what_the_wheelhouse_is_built_for_and_owns_what_it_writes() -> None:
    image, told = (DEPLOY / "Dockerfile").read_text(), (DEPLOY.parent / "docs" / "deploy.md").read_text()
    installed = re.findall(r"--find-links /wheelhouse \"duban(\[\w+\])\"", image)
    assert installed == re.findall(r"pip wheel \"\.(\[\w+\])\" -c constraints.txt -w deploy/wheelhouse", told)
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    written = {place.partition(":")[2] for place in services["x-duban"]["volumes"]}
    # A volume is its owner's as the image has the folder; one that the image lacks would be root's.
    owned = re.search(r"install -d -o duban -m 700 (.+)", image)
    assert owned
    assert set(owned[1].split()) == written
