"""The bulletin flow: from the fifth working day after a quarter's end, the quarter's bulletin is published, once."""

from datetime import date
from functools import partial
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.gate import Summary, day_of_run, run_once, skipped
from rules.calendar import nth_working_day
from rules.periods import parse_period, period_after, period_before, quarter_of
from rules.rule_set import DEFAULT_RULE_SET, RuleSet
from rules.texts import _
from runtime.clock import now
from runtime.context import open_context
from runtime.database import transaction
from services import publications
from services.bulletins import BulletinOrder
from services.occasion import SYSTEM, Occasion

NAME = "publish-bulletin"


def slot_of(day: date) -> str:
    """Return the slot of the bulletin that a run on `day` publishes: the quarter before."""
    return period_before(quarter_of(day)).code


def opens_on(period: str, rules: RuleSet = DEFAULT_RULE_SET) -> date:
    """Return the first day on which the bulletin of `period` is published: a number of working days into the next period."""
    return nth_working_day(period_after(parse_period(period)).starts_on, rules.bulletin_day)


@flow(name=NAME, retries=0)
def publish_bulletin(period: str | None = None, as_of: date | None = None) -> State[Any]:
    """Publish the bulletin of the quarter before the scheduled day (or `as_of`), or of `period`. Too early, or done already: skipped."""
    day = day_of_run(as_of)
    asked = parse_period(period).code if period else slot_of(day)
    with open_context() as context:
        opened_on = opens_on(asked, context.rules_on(day))
    if day < opened_on:
        return skipped(_("{period} 的通报自 {day} 起办理").format(period=asked, day=opened_on))
    return run_once(NAME, asked, partial(write_bulletin, asked, day))


@task(name="write-bulletin", cache_policy=NO_CACHE, persist_result=False)
def write_bulletin(period: str, day: date) -> Summary:
    """Freeze, number and file the bulletin of all plans. One that a person has published already stays the only one."""
    with open_context() as context:
        wanted = parse_period(period)
        order = BulletinOrder(wanted, None, context.rules_on(wanted.ends_on))
        press = publications.Press(context.store, context.settings.office)
        with transaction(context.engine) as session:
            if publications.is_published(session, period):
                return {_("期间"): period, _("结果"): _("此前已印发")}
            published = publications.publish_bulletin(session, order, press, Occasion(SYSTEM, day, now()))
        files = publications.write_files(published, context.store, context.bulletin_folder)
    return {_("期间"): period, _("期号"): published.number, _("任务"): published.view.totals.tasks, _("文件"): len(files)}
