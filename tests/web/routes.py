"""Who may ask for what: every route of the application with the status that each guest gets. A route that is missing here fails the suite.

Each row: method and path as the route has it → the path asked, the fields sent, and the statuses in the order of GUESTS. A form that is understood but refused for what it
says is 422; 303 is done or sent on; 403 no right; 404 not there for him.
"""

from typing import NamedTuple

GUESTS = (
    *("nobody", "administrator", "security_administrator", "audit_administrator"),
    *("plan_office", "supervisor", "unit", "support", "stranger"),
)


class Row(NamedTuple):
    asked: str
    statuses: tuple[int, ...]
    fields: dict[str, str] = {}


ALL = (303, *(200,) * 8)
"""Everybody who is logged in."""
OPEN = (200,) * 9
"""Everybody."""
READERS = (303, 403, 403, 403, 200, 200, 200, 200, 200)
ON_TASK = (303, 404, 404, 404, 200, 200, 200, 200, 404)
"""Who may read task 1: the offices, its lead and its supporting unit."""
ON_PLAN = (303, 403, 403, 403, 200, 200, 200, 200, 404)
"""Who may look into the plan: as with its task, but a role that reads none at all is told so."""

OF_UNITS = (303, *(403,) * 5, 200, 200, 200)
"""Whoever acts for a unit, whichever."""
OF_LEAD = (303, 404, 404, 404, 403, 403, 200, 403, 404)
"""The lead unit of task 1."""
LEAD_ACTS = ("report", "submit", "milestones", "request", "hand-down")
"""What a lead unit does on a task once it is acknowledged."""
OF_OFFICES = (303, 403, 403, 403, 200, 200, 403, 403, 403)
OF_SUPERVISORS = (303, 403, 403, 403, 403, 200, 403, 403, 403)
OF_PLANNERS = (303, 403, 403, 403, 200, 403, 403, 403, 403)
ON_DRAFT = (303, 404, 404, 404, 200, 404, 404, 404, 404)
"""Who may open a plan in the making; for everybody else it does not exist."""
DONE_ON_DRAFT = (303, 404, 404, 404, 303, 404, 404, 404, 404)

ROUTES: dict[tuple[str, str], Row] = {
    ("GET", "/"): Row("/", (303,) * 9),
    ("GET", "/healthz"): Row("/healthz", OPEN),
    ("GET", "/readyz"): Row("/readyz", OPEN),
    ("GET", "/metrics"): Row("/metrics", OPEN),
    ("GET", "/language/{language}"): Row("/language/en?next=/plans", (303,) * 9),
    ("GET", "/plans"): Row("/plans", READERS),
    ("GET", "/plans/{plan_id:int}"): Row("/plans/1", ON_PLAN),
    ("GET", "/plans/{plan_id:int}/lights"): Row("/plans/1/lights", ON_PLAN),
    ("GET", "/plans/{plan_id:int}/book.xlsx"): Row("/plans/1/book.xlsx", ON_PLAN),
    ("GET", "/tasks"): Row("/tasks", READERS),
    ("GET", "/tasks/{task_id:int}"): Row("/tasks/1", ON_TASK),
    ("GET", "/tasks/{task_id:int}/evidence/{evidence_id:int}"): Row("/tasks/1/evidence/1", (303, *(404,) * 8)),
    ("GET", "/overview"): Row("/overview", READERS),
    ("GET", "/system"): Row("/system", (303, 200, *(403,) * 7)),
    ("GET", "/calendar/{secret}.ics"): Row("/calendar/none.ics", (404,) * 9),
    ("GET", "/log-in"): Row("/log-in", (200, *(303,) * 8)),
    ("POST", "/log-in"): Row("/log-in", (422,) * 9, {"name": "nobody-there", "password": "not this one"}),
    ("POST", "/log-out"): Row("/log-out", (303,) * 9),
    ("GET", "/profile"): Row("/profile", ALL),
    ("POST", "/profile/log-ins/{log_in_id:int}/end"): Row("/profile/log-ins/999/end", (303, *(404,) * 8)),
    ("POST", "/profile/tokens"): Row("/profile/tokens", (303, *(422,) * 8), {"days": "1"}),
    ("POST", "/profile/tokens/{token_id:int}/end"): Row("/profile/tokens/999/end", (303, *(404,) * 8)),
    ("GET", "/password"): Row("/password", ALL),
    ("POST", "/password"): Row("/password", (303, *(422,) * 8), {"password_new": "typed once only"}),
    ("GET", "/second-factor"): Row("/second-factor", ALL),
    ("POST", "/second-factor"): Row("/second-factor", (303, *(422,) * 8), {"code": "1"}),
    ("POST", "/second-factor/remove"): Row("/second-factor/remove", (303, *(422,) * 8)),
    ("GET", "/accounts"): Row("/accounts", (303, 200, 200, *(403,) * 6)),
    ("GET", "/accounts/new"): Row("/accounts/new", (303, 200, *(403,) * 7)),
    ("POST", "/accounts"): Row("/accounts", (303, 422, *(403,) * 7)),
    ("GET", "/accounts/{account_id:int}"): Row("/accounts/4", (303, 200, 200, *(403,) * 6)),
    ("POST", "/accounts/{account_id:int}/password"): Row("/accounts/4/password", (303, 200, *(403,) * 7)),
    ("POST", "/accounts/{account_id:int}/invitation"): Row("/accounts/4/invitation", (303, 200, *(403,) * 7)),
    ("POST", "/accounts/{account_id:int}/{deed}"): Row("/accounts/4/unlock", (303, 422, 422, *(403,) * 6)),
    ("GET", "/invitations"): Row("/invitations", (303, 200, 403, 403, 200, *(403,) * 4)),
    ("POST", "/invitations"): Row("/invitations", (303, 422, 403, 403, 422, *(403,) * 4)),
    ("GET", "/invitations/{secret}"): Row("/invitations/none", (404,) * 9),
    ("POST", "/invitations/{secret}"): Row("/invitations/none", (404,) * 9),
    ("GET", "/access-log"): Row("/access-log", (303, 403, 403, 200, *(403,) * 5)),
    ("POST", "/access-log/export"): Row("/access-log/export", (303, 403, 403, 200, *(403,) * 5)),
    ("GET", "/drafts"): Row("/drafts", OF_PLANNERS),
    ("POST", "/drafts"): Row("/drafts", (303, 403, 403, 403, 422, 403, 403, 403, 403)),
    ("GET", "/units/names"): Row("/units/names?q=科技", OF_PLANNERS),
    **{
        ("GET", f"/drafts/{{draft_id:int}}{page}"): Row(f"/drafts/1{page}", ON_DRAFT)
        for page in ("", "/document", "/plan", "/issue", "/items/new")
    },
    **{
        ("GET", f"/drafts/{{draft_id:int}}/items/{{item}}/{page}"): Row(f"/drafts/1/items/row-1/{page}", ON_DRAFT)
        for page in ("edit", "split")
    },
    ("GET", "/drafts/{draft_id:int}/units"): Row("/drafts/1/units?name=省财政厅", ON_DRAFT),
    ("GET", "/drafts/{draft_id:int}/items/{item}"): Row("/drafts/1/items/row-1", DONE_ON_DRAFT),
    ("GET", "/drafts/{draft_id:int}/waive"): Row("/drafts/1/waive?code=no-due-date", (303, 404, 404, 404, 422, 404, 404, 404, 404)),
    ("POST", "/drafts/{draft_id:int}/waive"): Row("/drafts/1/waive", (303, 404, 404, 404, 422, 404, 404, 404, 404)),
    ("POST", "/drafts/{draft_id:int}/unwaive"): Row("/drafts/1/unwaive", DONE_ON_DRAFT, {"code": "no-due-date"}),
    ("POST", "/drafts/{draft_id:int}/plan"): Row("/drafts/1/plan", DONE_ON_DRAFT, {"revision": "0", "title": "通知"}),
    ("POST", "/drafts/{draft_id:int}/first-leads"): Row("/drafts/1/first-leads", DONE_ON_DRAFT, {"revision": "0"}),
    ("POST", "/drafts/{draft_id:int}/units"): Row("/drafts/1/units", DONE_ON_DRAFT, {"revision": "0", "name": "省财政厅", "to": "档案局"}),
    ("POST", "/drafts/{draft_id:int}/undo"): Row("/drafts/1/undo", (303, 404, 404, 404, 422, 404, 404, 404, 404), {"revision": "0"}),
    ("POST", "/drafts/{draft_id:int}/discard"): Row("/drafts/1/discard", DONE_ON_DRAFT),
    ("POST", "/drafts/{draft_id:int}/issue"): Row("/drafts/1/issue", DONE_ON_DRAFT, {"revision": "0"}),
    ("POST", "/drafts/{draft_id:int}/items"): Row("/drafts/1/items", DONE_ON_DRAFT, {"revision": "0", "title": "新的一项"}),
    ("POST", "/drafts/{draft_id:int}/items/{item}"): Row("/drafts/1/items/row-1", DONE_ON_DRAFT, {"revision": "0", "title": "示范"}),
    ("POST", "/drafts/{draft_id:int}/items/{item}/split"): Row("/drafts/1/items/row-1/split", DONE_ON_DRAFT, {"revision": "0", "at": "3"}),
    ("POST", "/drafts/{draft_id:int}/items/{item}/shape"): Row(
        "/drafts/1/items/row-1/shape", DONE_ON_DRAFT, {"revision": "0", "shape": "down"}
    ),
    ("GET", "/work"): Row("/work", OF_UNITS),
    ("POST", "/work/acknowledge"): Row("/work/acknowledge", (303, 404, 404, 404, 403, 403, 303, 403, 404), {"task": "1"}),
    ("GET", "/work/unit"): Row("/work/unit", OF_UNITS),
    ("POST", "/work/unit/absences"): Row("/work/unit/absences", (303, *(403,) * 5, 404, 404, 404), {"contact": "1"}),
    ("POST", "/work/unit/absences/{contact_id:int}/end"): Row("/work/unit/absences/1/end", (303, *(403,) * 5, 404, 404, 404)),
    ("POST", "/work/unit/calendar"): Row("/work/unit/calendar", OF_UNITS),
    ("POST", "/work/unit/calendar/end"): Row("/work/unit/calendar/end", (303, *(403,) * 5, 422, 422, 422)),
    ("GET", "/tasks/{task_id:int}/acknowledge"): Row("/tasks/1/acknowledge", OF_LEAD),
    ("POST", "/tasks/{task_id:int}/acknowledge"): Row("/tasks/1/acknowledge", (303, 404, 404, 404, 403, 403, 303, 403, 404)),
    **{("GET", f"/tasks/{{task_id:int}}/{act}"): Row(f"/tasks/1/{act}", OF_LEAD) for act in LEAD_ACTS},
    **{
        ("POST", f"/tasks/{{task_id:int}}/{act}"): Row(f"/tasks/1/{act}", (303, 404, 404, 404, 403, 403, 422, 403, 404))
        for act in LEAD_ACTS
    },
    ("GET", "/tasks/{task_id:int}/hand-down/sheet.xlsx"): Row("/tasks/1/hand-down/sheet.xlsx", OF_LEAD),
    ("GET", "/tasks/{task_id:int}/members"): Row("/tasks/1/members", (303, 404, 404, 404, 200, 403, 200, 200, 404)),
    ("POST", "/tasks/{task_id:int}/members"): Row("/tasks/1/members", (303, 404, 404, 404, 422, 403, 422, 422, 404)),
    ("GET", "/tasks/{task_id:int}/part"): Row("/tasks/1/part", (303, 404, 404, 404, 403, 403, 403, 200, 404)),
    ("POST", "/tasks/{task_id:int}/part"): Row("/tasks/1/part", (303, 404, 404, 404, 403, 403, 403, 422, 404)),
    ("POST", "/tasks/{task_id:int}/requests/{request_id:int}/withdraw"): Row("/tasks/1/requests/1/withdraw", (303, *(404,) * 8)),
    ("GET", "/notices/{notice_id:int}/answer"): Row("/notices/1/answer", (303, *(404,) * 8)),
    ("POST", "/notices/{notice_id:int}/answer"): Row("/notices/1/answer", (303, *(404,) * 8)),
    ("GET", "/cases/{case_id:int}/answer"): Row("/cases/1/answer", (303, *(404,) * 8)),
    ("POST", "/cases/{case_id:int}/answer"): Row("/cases/1/answer", (303, *(404,) * 8)),
    ("GET", "/desk"): Row("/desk", OF_OFFICES),
    ("GET", "/desk/later"): Row("/desk/later", OF_OFFICES),
    ("GET", "/reviews"): Row("/reviews", OF_SUPERVISORS),
    ("GET", "/tasks/{task_id:int}/review"): Row("/tasks/1/review", (303, 404, 404, 404, 200, 200, 403, 403, 404)),
    **{
        ("POST", f"/tasks/{{task_id:int}}/{act}"): Row(f"/tasks/1/{act}", (303, 404, 404, 404, 403, 422, 403, 403, 404))
        for act in ("complete", "return", "reopen")
    },
    ("POST", "/tasks/{task_id:int}/close"): Row("/tasks/1/close", (303, 404, 404, 404, 422, 422, 403, 403, 404)),
    ("POST", "/tasks/{task_id:int}/reports/{period}/review"): Row(
        "/tasks/1/reports/2013Q1/review", (303, 404, 404, 404, 403, 422, 403, 403, 404)
    ),
    ("GET", "/requests"): Row("/requests", READERS),
    ("GET", "/notices"): Row("/notices", READERS),
    ("GET", "/cases"): Row("/cases", OF_SUPERVISORS),
    ("POST", "/cases"): Row("/cases", (303, 403, 403, 403, 403, 422, 403, 403, 403)),
    ("GET", "/bulletins"): Row("/bulletins", READERS),
    ("POST", "/bulletins"): Row("/bulletins", (303, 403, 403, 403, 403, 422, 403, 403, 403), {"period": "2099Q1"}),
    # What nobody made is there for nobody; what somebody may not see is the same (test_desk_acts).
    **{
        (method, f"/{noun}/{{{name}:int}}{page}"): Row(
            f"/{noun}/1{page}".replace("{what}", what).replace("{name}", "a.docx"), (303, *(404,) * 8)
        )
        for method, noun, name, page, what in (
            ("GET", "requests", "request_id", "", ""),
            *(("POST", "requests", "request_id", f"/{act}", "") for act in ("effect", "approve", "refuse")),
            *(("GET", "notices", "notice_id", page, "") for page in ("", "/paper", "/file")),
            *(("POST", "notices", "notice_id", f"/{act}", "") for act in ("paper", "issue", "set-aside", "receipt", "case")),
            *(("GET", "cases", "case_id", page, "") for page in ("", "/file")),
            *(("POST", "cases", "case_id", f"/{act}", "") for act in ("conclude", "approve", "drop", "verify", "serve", "decide")),
            ("POST", "cases", "case_id", "/enter/{what}", "statement"),
            ("POST", "cases", "case_id", "/paper/{what}", "serve"),
            *(("GET", "bulletins", "paper_id", page, "") for page in ("", "/paper", "/files/{name}")),
            *(("GET", "bulletins/drafts", "draft_id", page, "") for page in ("", "/paper")),
            *(("POST", "bulletins/drafts", "draft_id", page, "") for page in ("", "/paper", "/approve", "/discard", "/publish")),
        )
    },
}
