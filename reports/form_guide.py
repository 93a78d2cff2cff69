"""What a form says to the people who fill it in: how to do it, until when, and a line at the head of each sheet. Plain words, few of them."""

from reports.form_sheets import FormView, Role, sheet_title, yes
from rules.periods import parse_period
from rules.texts import _
from rules.words import day_words, period_words


def guide_lines(view: FormView) -> list[tuple[str, str]]:
    """Return the lines of the guide, each with its mark: a number, or nothing before a line that only tells."""
    roles = {sheet.role for sheet in view.sheets}
    steps = [_step(role) for role in (Role.ACKNOWLEDGE, Role.REPORT, Role.REQUEST) if role in roles]
    steps += [
        _("只有浅黄色的格子可以填写，灰色的是已有内容，不用改，也不要增删行列。请不要复制粘贴整行。"),
        _("没有登录账号也能填：填好后保存为 xlsx 格式，原样发回即可，不要改成 pdf 或图片。文件名可以改。"),
        _("填到一半也可以发回；空着的行视为未填，仍需在期限前补齐。已经报过的不会再问。"),
    ]
    told = [
        _("本表为第 {number} 号（{period}第 {edition} 次），导出于 {day}，请于 {limit} 前（含当日）发回。").format(
            number=view.number,
            period=period_words(view.period),
            edition=view.edition,
            day=day_words(view.made_on),
            limit=day_words(view.limit_on),
        ),
        _("本表共问 {count} 项，只列到期应办和有变动的事项。").format(count=view.field_count),
    ]
    if Role.CHANGES in roles:
        told.append(_("上次填表以来任务的变动，列在“{sheet}”一页，供查阅，不用填。").format(sheet=sheet_title(Role.CHANGES)))
    closing = _("导出以后如果任务又有新的情况（例如已在系统中填报、期限已调整），相应的行不再收，会告诉您改了什么，重新要一份表即可。")
    return [*(("", text) for text in told), *((f"{number}.", text) for number, text in enumerate(steps, 1)), ("", closing)]


def sheet_note(role: Role, view: FormView) -> str:
    """Return the line under a sheet's title."""
    return {
        Role.ACKNOWLEDGE: _("请在“是否签收”一栏选“{yes}”。任务由牵头单位签收。").format(yes=yes()),
        Role.REPORT: _("数量填自任务开始至 {day} 的累计数。没有变化的只选“{yes}”，不用再填。").format(
            day=day_words(parse_period(view.period).ends_on), yes=yes()
        ),
        Role.REQUEST: _("没有申请的不用填。提出申请不等于批准，批准以前仍按原定要求办理。"),
        Role.CHANGES: _("仅供查阅，不用填写。"),
    }[role]


def _step(role: Role) -> str:
    title = sheet_title(role)
    if role is Role.ACKNOWLEDGE:
        return _("“{sheet}”：收到的新任务，在“是否签收”一栏选“{yes}”。").format(sheet=title, yes=yes())
    if role is Role.REPORT:
        text = _(
            "“{sheet}”：逐项填本期末累计数，写明进展情况、存在问题、下步打算；与上次相比没有变化的，在“没有变化”一栏选“{yes}”，别的都不用填。"
        )
        return text.format(sheet=title, yes=yes())
    text = _("“{sheet}”：确需延期、退办、暂缓或终止的，选申请事项并写明理由；没有的不用看这一页。延期须在到期日当天及以前提出。")
    return text.format(sheet=title)
