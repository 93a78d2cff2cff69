"""`duban flows`: what runs by itself, a run by hand, and the same flows on a Prefect server. Flows are reached by module name: this edge does not know them."""

from importlib import import_module
from typing import Annotated

import typer

from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from rules.errors import DubanError
from rules.texts import _
from runtime.clock import TIMEZONE, now, today
from runtime.database import reading
from runtime.gate import Outcome, Skipped
from runtime.jobs import JOBS, job_named, moment_on, run_here
from runtime.settings import read_settings
from runtime.submitting import submit
from services.job_slots import last_slots

app = typer.Typer(no_args_is_help=True, add_completion=False)

_DEPLOYING, _WORKING = "flows.deploying", "flows.working"


@app.command("list", help=_("列出流程、时间表和最近一次"))
def list_flows(as_json: JsonOption = False) -> None:
    """List the flows."""
    with open_desk() as desk, reading(desk.context.engine) as session:
        last = last_slots(session)
        rows = [(job.name, job.cron(desk.context.settings), last.get(job.name)) for job in JOBS]
    if as_json:
        print_json(
            [
                {
                    "flow": name,
                    "schedule": cron,
                    "last": {"slot": slot.slot, "state": slot.state, "summary": slot.summary} if slot else None,
                }
                for name, cron, slot in rows
            ]
        )
        return
    words = {"running": _("进行中"), "done": _("已办"), "failed": _("没有办成")}
    table = [
        (
            name,
            cron,
            slot.slot if slot else "",
            words[slot.state.value] if slot else _("还没有运行过"),
            (slot.summary.get("error", "") if slot else ""),
        )
        for name, cron, slot in rows
    ]
    print_table([_("流程"), _("时间表"), _("最近"), _("结果"), _("说明")], table)


@app.command("run", help=_("现在运行一个流程：交给正在运行的服务器；没有服务器或加 --local 就在这里办理"))
def run(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("流程名称，见 duban flows list"))],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=_("为哪一天办理；不写则为 --on 的日期，否则今天"))] = None,
    local: Annotated[bool, typer.Option("--local", help=_("不经服务器，就在这里办理"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Run a flow now."""
    job = job_named(name)
    with open_desk() as desk:
        day = parse_day(as_of) if as_of else desk.day
        if day > today():
            raise DubanError("future-date", _("{day} 还没有到，不能预先办理").format(day=day))
        when = moment_on(day, now())
        submitted = None if local else submit(desk.context.settings, job, when)
        if submitted is not None:
            if as_json:
                print_json({"flow": job.name, "slot": job.slot_of(when), "run": submitted.run_id, "state": submitted.state})
            else:
                say(
                    _("已交给服务器：{deployment}，运行 {run}（{state}）").format(
                        deployment=submitted.deployment, run=submitted.run_id, state=submitted.state
                    )
                )
            return
        outcome = run_here(desk.context, job, when)
    _tell(job.name, job.slot_of(when), outcome, as_json)


@app.command("deploy", help=_("把全部流程部署到 PREFECT_API_URL 所指的服务器，由工作进程运行"))
def deploy(
    pool: Annotated[str, typer.Option("--pool", metavar="NAME", help=_("工作池名称；没有就建一个进程型的"))],
    as_json: JsonOption = False,
) -> None:
    """Deploy the flows."""
    made = import_module(_DEPLOYING).deploy(read_settings(), pool)
    if as_json:
        print_json({"pool": pool, "timezone": TIMEZONE.key, "deployments": made})
        return
    print_table([_("部署"), _("时间表")], made.items())
    say(_("在每台工作机上运行：duban flows worker --pool {pool}，环境里要有同样的 DUBAN_ 设置").format(pool=pool))


@app.command("worker", help=_("在这台机器上办理 PREFECT_API_URL 所指服务器分派的流程，直到停止"))
def worker(
    pool: Annotated[str, typer.Option("--pool", metavar="NAME", help=_("工作池名称"))],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help=_("这个工作进程的名称；不写则自动取名"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help=_("最多同时办理几个"))] = 2,
) -> None:
    """Work for a pool."""
    working = import_module(_WORKING)
    working.work(read_settings(), working.WorkerOrder(pool, name, limit), _announce)


def _announce(pool: str) -> None:
    say(_("工作进程已启动，工作池 {pool}（停止请按 Ctrl+C）").format(pool=pool))


def _tell(flow: str, slot: str, outcome: Outcome | Skipped, as_json: bool) -> None:
    if isinstance(outcome, Skipped):
        if as_json:
            print_json({"flow": flow, "slot": slot, "skipped": outcome.why})
        else:
            say(_("没有办理：{why}").format(why=outcome.why))
        return
    if as_json:
        print_json({"flow": flow, "slot": slot, "figures": outcome.figures})
        return
    say(_("{flow} {slot} 已办理：{figures}").format(flow=flow, slot=slot, figures=outcome.sentence))
    for table in outcome.tables:
        print_table(table.heads, table.rows, table.title)
