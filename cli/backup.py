"""`duban backup` and `duban restore`: the whole house as one file, and back."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, progress, say
from rules.texts import _
from runtime.backing_up import restore_backup, write_backup
from runtime.clock import TIMEZONE
from runtime.settings import read_settings
from services.backups import BackupManifest

backup_app = typer.Typer(add_completion=False)
restore_app = typer.Typer(add_completion=False)


@backup_app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("备份写到哪个文件（.zip）"))],
    as_json: JsonOption = False,
) -> None:
    """Back the house up."""
    with open_desk() as desk:
        made = write_backup(desk.context, file, lambda steps: progress(steps, _("备份")))
    if as_json:
        print_json({"file": str(made.place), **_counts(made.manifest)})
        return
    text = _("已备份并读回核对：{file}，{rows} 行，{files} 个存档文件")
    say(text.format(file=made.place, rows=made.manifest.row_count, files=made.manifest.file_count))
    if made.manifest.store:
        text = _("存档文件在 {store}，共 {count} 个，只列了清单，没有装进备份；请另行备份")
        say(text.format(store=made.manifest.store, count=made.manifest.listed_count))
    say(_("文件里有口令的散列和日历的密址，请妥善保管；邮件、群机器人的密钥不在里面"))


@restore_app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("duban backup 写出的文件"))],
    as_json: JsonOption = False,
) -> None:
    """Put a back-up into an empty database and home."""
    manifest = restore_backup(read_settings(), file, lambda steps: progress(steps, _("恢复")))
    if as_json:
        print_json(_counts(manifest))
        return
    text = _("已恢复 {made} 的备份：{rows} 行，{files} 个存档文件；台账逐条相符")
    say(text.format(made=_moment(manifest.made_at), rows=manifest.row_count, files=manifest.file_count))


def _moment(made_at: str) -> str:
    return f"{datetime.fromisoformat(made_at).astimezone(TIMEZONE):%Y-%m-%d %H:%M}"


def _counts(manifest: BackupManifest) -> dict[str, object]:
    listed = {"store": manifest.store, "listed": manifest.listed_count} if manifest.store else {}
    return {"made_at": manifest.made_at, "schema": manifest.schema, "rows": manifest.row_count, "files": manifest.file_count, **listed}
