"""Words that the papers to units share: their document names, dates of tasks, milestones, whom to ask, and what they can be held against."""

from collections.abc import Iterable

from reports.duties import Duty, Step
from reports.imprint import Imprint
from reports.paper import Masthead, Text
from rules.texts import _
from rules.words import day_words, quoted


def document(title: str, doc_no: str | None) -> str:
    """Return a document in title marks, with its number."""
    return _("{title}（{doc_no}）").format(title=quoted(title), doc_no=doc_no) if doc_no else quoted(title)


def documents(duties: Iterable[Duty]) -> str:
    """Return the documents that duties come from, each once, in their order."""
    return _("、").join(dict.fromkeys(document(duty.plan, duty.doc_no) for duty in duties))


def file_stem(imprint: Imprint, name: str) -> str:
    """Return what the file of a paper is called; a slash in a unit's name would lead elsewhere."""
    stem = _("{issue} {name}").format(issue=imprint.issue, name=name)
    return stem.replace("/", "／").replace("\\", "＼")


def masthead(name: str, imprint: Imprint) -> Masthead:
    """Return the head of a paper to a unit: its name, its number, and on the rule the office and the day."""
    return Masthead(name, imprint.issue, imprint.office or "", day_words(imprint.signed_on) if imprint.signed_on else "")


def due_words(duty: Duty) -> str:
    """Return the due day; one that was moved shows the original beside it."""
    if duty.original_due_on == duty.due_on:
        return duty.due_on.isoformat()
    return _("{due}（原{original}）").format(due=duty.due_on.isoformat(), original=duty.original_due_on.isoformat())


def steps_words(steps: Iterable[Step]) -> str:
    """Return milestones in one line, empty where there are none."""
    told = _("；").join(_("{title}（{day}）").format(title=step.title, day=day_words(step.due_on)) for step in steps)
    return _("节点：{steps}").format(steps=told) if told else ""


def unit_names(names: Iterable[str]) -> str:
    """Return units in one line, empty where there are none."""
    return _("、").join(names)


def contact_text(imprint: Imprint) -> tuple[Text, ...]:
    """Return whom to ask, nothing where nobody is named."""
    return (Text(_("联系人：{contact}。").format(contact=imprint.contact.strip().rstrip("。"))),) if imprint.contact else ()


def proof(rule_set: str, rule_sha256: str, ledger_head: str) -> tuple[str, ...]:
    """Return what a paper can be held against."""
    return (
        _("规则集：{version}，SHA-256：{sha256}").format(version=rule_set, sha256=rule_sha256),
        _("签发前台账末条 SHA-256：{ledger}").format(ledger=ledger_head),
    )
