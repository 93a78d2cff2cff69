"""The texts of a day's reminders, as they are queued and as they are previewed: the same for both."""

from collections.abc import Sequence

from notify.letterhead import Rendered
from notify.messages import Addressee, Digest, Section, render_digest
from notify.template_check import TemplateMistake, mistake_words
from rules.texts import _, use_language
from services.reminder_plan import Outgoing, ReminderPlan


def rendered_of(outgoing: Outgoing, plan: ReminderPlan, office: str | None, mistakes: Sequence[TemplateMistake]) -> Rendered:
    """Return a message's texts. What concerns the house alone, years without holidays and templates with mistakes, is said to its own people only."""
    recipient = outgoing.recipient
    remarks: tuple[str, ...] = ()
    if any(portion.recipient.unit_id is None for portion in outgoing.portions):
        with use_language(recipient.language):
            remarks = remarks_of(plan, mistakes)
    digest = Digest(
        addressee=Addressee(outgoing.unit, recipient.person, recipient.language, recipient.deputy_for),
        day=plan.day,
        sections=tuple(Section(portion.recipient.unit, portion.lines) for portion in outgoing.portions),
        older={matter: count for portion in outgoing.portions for matter, count in portion.older.items()},
        remarks=remarks,
    )
    return render_digest(digest, office)


def remarks_of(plan: ReminderPlan, mistakes: Sequence[TemplateMistake]) -> tuple[str, ...]:
    """Return what the house should know beside the day's matters."""
    years = [_("{year} 年的节假日安排尚未收录，工作日暂按周一至周五计算").format(year=year) for year in plan.unknown_years]
    return (*years, *(mistake_words(mistake) for mistake in mistakes))
