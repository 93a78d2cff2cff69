"""What happens in the example: seven actions of 2013 and the units that carry them, through three quarters.

Figures are sums since the start of the year, one for each target of the action in the document's order.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from rules.periods import quarter_of
from rules.texts import _

ISSUED_ON = date(2012, 11, 5)
LAST_DAY = date(2013, 10, 12)
YEAR = "2013年"
LAST_PERIOD = "2013Q3"
PUBLISHED_ON = {"2013Q1": date(2013, 4, 8), "2013Q2": date(2013, 7, 5), "2013Q3": date(2013, 10, 12)}
CORRECTED_ON = {"2013Q1": date(2013, 4, 15)}
"""A report that came after the bulletin makes its figures wrong."""


@dataclass(frozen=True)
class Report:
    """What a unit files on a day."""

    day: date
    values: tuple[float, ...]
    text: str
    problem: str | None = None
    next_step: str | None = None

    @property
    def period(self) -> str:
        """Return the quarter reported on: one filed in the first half of a quarter's first month is about the quarter before."""
        return quarter_of(self.day - timedelta(days=15)).code


@dataclass(frozen=True)
class Action:
    """How one action of the table goes. `acknowledged_on` None: its unit stays silent."""

    acknowledged_on: date | None
    reports: tuple[Report, ...] = ()
    submitted_on: tuple[date, ...] = ()
    returned_on: date | None = None
    completed_on: date | None = None


def actions() -> dict[str, Action]:
    """Return the story of each action by its number in the table: on pace, ahead, done early, falling behind, silent, on pace, late."""
    prompt, late = date(2012, 11, 7), date(2013, 2, 25)
    first, second, third = date(2013, 4, 2), date(2013, 7, 2), date(2013, 9, 27)
    return {
        "1": Action(
            prompt,
            (
                Report(first, (8,), _("首批 8 个市县的建设方案已经批复")),
                Report(second, (17,), _("累计 17 个市县完成机构建设")),
                Report(third, (24,), _("累计 24 个市县完成机构建设"), None, _("四季度完成其余 9 个")),
            ),
        ),
        "2": Action(
            prompt,
            (
                Report(first, (3, 1), _("新增 3 个县、滚动 1 个县立项")),
                Report(second, (8, 4), _("新增 8 个县、滚动 4 个县立项")),
                Report(third, (10, 5), _("全年立项任务提前完成，正在组织实施")),
            ),
        ),
        "3": Action(
            prompt,
            (
                Report(first, (3,), _("3 个县通过评审")),
                Report(second, (7,), _("7 个县通过评审")),
                Report(date(2013, 9, 10), (10,), _("10 个县全部确定并公示")),
            ),
            submitted_on=(date(2013, 9, 12), date(2013, 9, 24)),
            returned_on=date(2013, 9, 16),
            completed_on=date(2013, 10, 9),
        ),
        "4": Action(
            prompt,
            (
                Report(first, (130,), _("首批选派 130 名")),
                Report(second, (190,), _("累计选派 190 名"), _("县级配套经费没有到位，部分人员不能按期派出"), _("商财政部门先行拨付")),
                Report(third, (260,), _("累计选派 260 名"), _("仍有 11 个县配套经费没有到位"), _("十月底前完成第三批选派")),
            ),
        ),
        "5": Action(None),
        "6": Action(
            prompt,
            (
                Report(first, (120, 100, 250), _("举办第一期培训班")),
                Report(second, (255, 205, 510), _("上半年三期培训班全部办完")),
                Report(third, (380, 300, 760), _("第四、五期培训班办完")),
            ),
        ),
        "7": Action(
            late,
            (
                Report(date(2013, 4, 12), (1, 0), _("1 个县通过初评"), _("申报材料迟迟没有报齐")),
                Report(second, (2, 1), _("累计 3 个县通过评审"), _("部分县没有安排专人负责")),
                Report(date(2013, 10, 11), (3, 2), _("累计 5 个县通过评审"), _("两个县临时退出，需要重新遴选"), _("十一月上旬完成补选")),
            ),
        ),
    }


def note_reports() -> tuple[Report, ...]:
    """Return what the units of the notes in the body file: words, and, where a duty has a figure, just what the pace asks for."""
    return (
        Report(date(2013, 4, 2), (), _("已制定年度工作安排并组织实施")),
        Report(date(2013, 7, 2), (), _("上半年各项措施按安排落实")),
        Report(date(2013, 9, 29), (), _("第三季度各项措施按安排落实")),
    )
