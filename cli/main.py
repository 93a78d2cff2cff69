"""The command `duban`: one module for each noun, loaded when it is called for, and one boundary where a refusal becomes a line and an exit code.

Exit codes: 0 done · 1 refused or failed · 2 wrong usage · 3 a check found errors.
"""

import gc
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from rules.errors import DubanError
from rules.texts import LANGUAGES, _, set_language

COMMON = {"--database": "DUBAN_DATABASE_URL", "--as": "DUBAN_ACCOUNT", "--lang": "DUBAN_LANG", "--on": "DUBAN_ON"}

LOG_VARIABLES = ("DUBAN_LOG", "DUBAN_LOG_FILE")

COMMANDS = {
    "init": "cli.setup:init_app",
    "demo": "cli.setup:demo_app",
    "plan": "cli.plans:app",
    "unit": "cli.units:app",
    "task": "cli.tasks:app",
    "request": "cli.requests:app",
    "milestone": "cli.milestones:app",
    "indicator": "cli.indicators:app",
    "roster": "cli.rosters:app",
    "form": "cli.forms:app",
    "burden": "cli.burden:app",
    "remind": "cli.reminders:app",
    "message": "cli.messages:app",
    "template": "cli.templates:app",
    "channel": "cli.channels:app",
    "notice": "cli.notices:app",
    "case": "cli.cases:app",
    "bulletin": "cli.bulletins:app",
    "letter": "cli.letters:app",
    "scorecard": "cli.scorecards:app",
    "paper": "cli.archive:app",
    "ledger": "cli.ledger:app",
    "rules": "cli.rules:app",
    "holidays": "cli.holidays:app",
    "account": "cli.accounts:app",
    "access-log": "cli.access_log:app",
    "flows": "cli.flows:app",
    "backup": "cli.backup:backup_app",
    "restore": "cli.backup:restore_app",
    "store": "cli.store:app",
    "database": "cli.database:app",
    "doctor": "cli.doctor:app",
    "serve": "cli.setup:serve_app",
}

# A command asked for so often that it is loaded without the others of its noun.
ALONE = {("task", "list"): "cli.task_list:app"}


def command_help(name: str) -> str:
    """Return what a command is for; kept here so that the overview needs no command's module."""
    return {
        "init": _("建立或升级数据库；首次建立时生成第一个管理员"),
        "demo": _("在临时数据库上演示从文件到通报的全过程"),
        "plan": _("计划：读成草案、检查、下达、查看"),
        "unit": _("单位：名称、别名、联系人"),
        "task": _("任务：查看、签收、填报、办结"),
        "request": _("申请：延期、退办、暂缓、终止、调整目标"),
        "milestone": _("进度：节点、各期应达进度、完成标准"),
        "indicator": _("指标：登记观测值，用来评定目标"),
        "roster": _("名单：名额由谁来填，提名、遴选、确认、退出"),
        "form": _("填报表：发给没有账号的单位，填好收回"),
        "burden": _("负担：每个单位一季度被要求填多少项"),
        "remind": _("计算当天该提醒谁，写入发件箱并送出；同一件事不重复提醒"),
        "message": _("消息：发了什么给谁，为什么没有发；退信、重发、了结"),
        "template": _("模板：消息的文字，可以取出来改"),
        "channel": _("渠道：邮件、群机器人、接口；试发一条"),
        "notice": _("督办通知单：系统准备，人签发；登记签收"),
        "case": _("案卷：问责和表扬建议，从事实到结论、异议、整改核查"),
        "bulletin": _("督查通报：duban bulletin 2013Q3 预览，publish 编号印发"),
        "letter": _("责任书：duban letter 2013 列出，issue 编号印发，signed 登记签订"),
        "scorecard": _("年度考评：duban scorecard 2013 按台账计分，issue 编号印发"),
        "paper": _("存档：列出编号印发的各种文件，按文号取出，一字不差"),
        "ledger": _("台账：证明记录完整"),
        "rules": _("规则：评定所用的数值，按生效日分版"),
        "holidays": _("节假日：导入程序还没有收录的年份"),
        "account": _("账号：谁可以办理，怎样登录"),
        "access-log": _("访问记录：谁从哪里登录，谁被拒绝"),
        "flows": _("流程：自动办理什么、何时办理；现在运行一次，或部署到另一台服务器"),
        "backup": _("把全部数据和存档文件备份成一个文件"),
        "restore": _("把备份恢复到空的数据库和文件夹"),
        "store": _("存档文件库：逐个核对，或复制到另一处"),
        "database": _("数据库：现状；在 SQLite 与 PostgreSQL 之间搬迁"),
        "doctor": _("检查安装：哪里没有设好、不能用，怎么办"),
        "serve": _("启动网页和定时流程，一条命令"),
    }[name]


class Commands(TyperGroup):
    """The nouns, imported one by one: `duban unit list` does not pay for reading documents, and the overview pays for nothing."""

    is_overview = False
    asked: tuple[str, ...] = ()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Note what is asked for, since that decides what is loaded."""
        self.is_overview = args[:1] in ([], ["--help"])
        self.asked = tuple(args[:2])
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands in the order they are used, not in the alphabet's."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        if self.is_overview:
            return TyperCommand(cmd_name, help=command_help(cmd_name))
        command = _group(ALONE[self.asked]) if self.asked in ALONE else _command(COMMANDS[cmd_name])
        command.name, command.help = cmd_name, command_help(cmd_name)
        return command


def _command(place: str) -> Any:
    return typer.main.get_command(_app(place))


def _group(place: str) -> TyperGroup:
    # A noun even where it has a single command.
    return typer.main.get_group(_app(place))


def _app(place: str) -> typer.Typer:
    module, name = place.split(":")
    app: typer.Typer = getattr(_loaded(module), name)
    return app


def _loaded(module: str) -> ModuleType:
    """Return the module. What is loaded stays: looking for garbage among it, now and again later, takes a quarter of the time of a short command."""
    if module in sys.modules:
        return sys.modules[module]
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


def main() -> None:
    """Run the command line."""
    arguments = take_common_options(sys.argv[1:])
    try:
        set_language(_chosen_language())
        with _logged():
            _root()(args=arguments, prog_name="duban")
    except DubanError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:
        # The reader of a listing has seen enough (`| head`); there is nobody left to tell.
        os._exit(0)


def _logged() -> AbstractContextManager[None]:
    """Return what writes the command into the log, where one may be wanted; loaded only then."""
    if not any(os.environ.get(name) for name in LOG_VARIABLES):
        return nullcontext()
    written: AbstractContextManager[None] = import_module("cli.command_log").logged()
    return written


def take_common_options(arguments: list[str]) -> list[str]:
    """Take the common options out of the arguments, wherever they stand, into the environment; return the rest. Behind `--` nothing is taken."""
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument == "--":
            return [*rest, argument, *waiting]
        if name not in COMMON:
            rest.append(argument)
            continue
        given = value if equals else next(waiting, None)
        if given is None:
            return [*rest, argument]
        os.environ[COMMON[name]] = given
    return rest


def _chosen_language() -> str:
    language = os.environ.get("DUBAN_LANG") or "zh"
    if language not in LANGUAGES:
        raise DubanError("bad-language", _("不认识语言“{language}”，请用 zh 或 en").format(language=language))
    return language


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        print("duban", import_module("importlib.metadata").version("duban"))
        raise typer.Exit


def _root() -> typer.Typer:
    root = typer.Typer(
        cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=_("督办：从计划文件到督查通报。")
    )

    @root.callback()
    def common(
        database: Annotated[
            str | None, typer.Option(metavar="URL", help=_("数据库地址；否则 DUBAN_DATABASE_URL，否则 DUBAN_HOME 下的文件"))
        ] = None,
        on: Annotated[str | None, typer.Option(metavar="DATE", help=_("为哪一天办理；否则为今天（北京时间）"))] = None,
        account: Annotated[str | None, typer.Option("--as", metavar="ACCOUNT", help=_("以哪个账号办理；否则 DUBAN_ACCOUNT"))] = None,
        lang: Annotated[str | None, typer.Option(metavar="zh|en", help=_("语言；否则 DUBAN_LANG，否则中文"))] = None,
        version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_tell_version, help=_("程序的版本"))] = False,
    ) -> None:
        """督办."""

    return root


if __name__ == "__main__":
    main()
