"""The figures for Prometheus: what this process answers, and the house's own, read from the database when they are asked for.

Labels are routes, methods, states, kinds of acts and flows: all of them short lists. No number, name or address is ever one.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import version
from threading import Lock
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from rules.errors import DubanError
from runtime.clock import today
from runtime.context import Context
from runtime.database import HEAD, snapshot
from runtime.flow_board import FlowBoard, SchedulerState
from runtime.jobs import JOBS
from services.house_figures import ActTally, HouseFigures, house_figures

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# However often it is asked for, the database is asked no more often.
_FRESH_SECONDS = 10.0
_MOST_SECONDS = 20
_SEALING = "seal-ledger"


class Metrics:
    """What one process counts."""

    def __init__(self, context: Context, board: FlowBoard) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "duban_http_requests", "Requests answered, by route and status.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "duban_http_request_seconds", "How long answers took.", ["method", "route"], registry=self.registry, buckets=_BUCKETS
        )
        self._kept: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self.registry.register(HouseCollector(context, board))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer. `route` is the template, never the address itself."""
        key = (method if method in _METHODS else "other", route, status)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = (self._requests.labels(key[0], route, str(status)), self._seconds.labels(key[0], route))
        found[0].inc()
        found[1].observe(seconds)

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self.registry)


class HouseCollector(Collector):
    """The house's figures. Where the database cannot be read, only that is told."""

    def __init__(self, context: Context, board: FlowBoard) -> None:
        self._context, self._board = context, board
        self._tally = ActTally()
        self._lock = Lock()
        self._asked_at = float("-inf")
        self._figures: HouseFigures | None = None

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand: registering must not read the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Give the figures."""
        yield InfoMetricFamily(
            "duban_build", "The program.", {"version": version("duban"), "schema": HEAD, "python": sys.version.split()[0]}
        )
        yield from self._pool()
        yield _gauge("duban_scheduler_ready", "1 where flows run by themselves, 0 where they should and do not.", self._is_ready())
        with self._lock:
            figures = self._fresh()
            yield _gauge("duban_database_up", "1 where the database could be read.", int(figures is not None))
            if figures is not None:
                yield from self._house(figures)

    def _fresh(self) -> HouseFigures | None:
        if monotonic() - self._asked_at > _FRESH_SECONDS:
            try:
                with snapshot(self._context.engine, _MOST_SECONDS) as session:
                    self._tally.count_on(session)
                    self._figures = house_figures(session, today())
            except (SQLAlchemyError, DubanError):
                self._figures = None
            self._asked_at = monotonic()
        return self._figures

    def _is_ready(self) -> int:
        return int(self._board.view.state in (SchedulerState.READY, SchedulerState.OFF))

    def _pool(self) -> Iterator[Metric]:
        pool = self._context.engine.pool
        if isinstance(pool, QueuePool):
            family = GaugeMetricFamily("duban_database_connections", "Connections of this process, by use.", labels=["use"])
            family.add_metric(["in_use"], pool.checkedout())
            family.add_metric(["idle"], pool.checkedin())
            yield family

    def _house(self, figures: HouseFigures) -> Iterator[Metric]:
        messages = GaugeMetricFamily("duban_messages", "Messages in the outbox that are not, or not surely, sent.", labels=["state"])
        for state, count in figures.messages.items():
            messages.add_metric([state.value], count)
        yield messages
        yield _gauge("duban_tasks_overdue", "Tasks in force past their due day.", figures.overdue)
        yield _gauge("duban_ledger_entries", "Entries of all chains of the ledger.", figures.entries)
        acts = CounterMetricFamily("duban_acts", "Acts entered in the ledger, by kind.", labels=["act"])
        for act, count in sorted(self._tally.counts.items()):
            acts.add_metric([act], count)
        yield acts
        yield from _flows(figures)


def _flows(figures: HouseFigures) -> Iterator[Metric]:
    """Give the last ends of every flow; the ledger is proven whole by the one that seals it."""
    for name, text, ends in (
        ("duban_flow_last_success_timestamp_seconds", "When each flow last did its work.", figures.done_at),
        ("duban_flow_last_failure_timestamp_seconds", "When each flow last failed.", figures.failed_at),
    ):
        family = GaugeMetricFamily(name, text, labels=["flow"])
        for job in JOBS:
            if job.name in ends:
                family.add_metric([job.name], ends[job.name].timestamp())
        yield family
    done, failed = figures.done_at.get(_SEALING), figures.failed_at.get(_SEALING)
    if done or failed:
        is_whole = failed is None or (done is not None and done > failed)
        yield _gauge("duban_ledger_verified", "1 where the last proof of the ledger found it whole.", int(is_whole))


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value)
