"""How grave a finding is, in the one set of words that the command line, the review workbook and the documents use."""

from collections.abc import Iterable
from typing import get_args

from intake.draft import Finding, Severity
from rules.texts import _

SEVERITIES: tuple[Severity, ...] = get_args(Severity)


def severity_words() -> dict[Severity, str]:
    """Return the word for each severity in the reader's language, the gravest first."""
    return {"error": _("须处理"), "warning": _("请核对"), "info": _("供参考")}


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings by gravity, those of one severity in the order they came."""
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))
