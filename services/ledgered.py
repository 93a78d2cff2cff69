"""The tables that the ledger can make again, in the order their rows may be inserted. A change to any of them must be taken by an entry.

It names nearly every model: whoever only reads does not import it (`services/changes.py` does so once there is something to write).
"""

from sqlmodel import SQLModel

from models.account import Account
from models.case import AccountabilityCase, CaseTask
from models.form import Form
from models.indicator import Indicator, Observation
from models.notice import Notice
from models.plan import Plan, PlanItem, PlanVersion
from models.progress import Evidence, ProgressReport, ReportedValue, SupportPart
from models.request import Request
from models.roster import EligibleList, EligibleMember, Quota, RosterEntry
from models.rule_set import CalendarDay, RuleSetVersion
from models.scorecard import ManualMark, ScoringScheme
from models.task import Assignment, Milestone, PlannedPoint, Target, Task
from models.unit import Absence, CalendarFeed, Contact, Unit, UnitAlias
from services.changes import table_of

LEDGERED: tuple[type[SQLModel], ...] = (
    *(Unit, UnitAlias, Contact, Absence, CalendarFeed, Account, EligibleList, EligibleMember, Indicator, Observation),
    *(RuleSetVersion, CalendarDay, ScoringScheme),
    *(Plan, PlanVersion, PlanItem, Task, Assignment, Target, Milestone, PlannedPoint, Request, Quota, RosterEntry),
    *(ProgressReport, ReportedValue, SupportPart, Evidence, Form, Notice, AccountabilityCase, CaseTask, ManualMark),
)
LEDGERED_TABLES = {table_of(kind).name: table_of(kind) for kind in LEDGERED}
