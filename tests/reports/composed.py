"""Every kind of paper there is, composed from a view: what is said of one must hold for all. Who makes a new composer adds a line here."""

from collections.abc import Callable

import pytest

from reports.agreement_paper import agreement_paper
from reports.assignment_paper import assignment_paper
from reports.bulletin_paper import bulletin_paper
from reports.case_paper import case_paper
from reports.comparison_paper import comparison_paper, figures_paper
from reports.conclusion import ConclusionForm, conclusion_of
from reports.conclusion_paper import conclusion_paper
from reports.imprint import Imprint
from reports.notice_paper import notice_paper
from reports.paper import Paper
from reports.portfolio_paper import portfolio_paper
from reports.reply_paper import reply_paper
from reports.scorecard_paper import scorecard_paper
from reports.urging_paper import urging_paper
from tests.reports import cases, letters, overviews
from tests.reports.builders import bulletin, empty_bulletin, single_bulletin, whole
from tests.reports.notices import PAPERS as NOTICES
from tests.reports.papers import bare_paper, sample_paper
from tests.reports.scorecards import scorecard

IMPRINT = Imprint("自治区人民政府督查室", 2013, 3, copies_to=("自治区审计厅",))

COMPOSED: dict[str, Callable[[], Paper]] = {
    "sample": sample_paper,
    "bare": bare_paper,
    "bulletin": lambda: bulletin_paper(bulletin(), IMPRINT),
    "bulletin-with-details": lambda: bulletin_paper(whole(), IMPRINT),
    "bulletin-single": lambda: bulletin_paper(single_bulletin()),
    "bulletin-empty": lambda: bulletin_paper(empty_bulletin()),
    "notice": lambda: notice_paper(NOTICES["orange"]),
    "proposal": lambda: notice_paper(NOTICES["accountability"]),
    "agreement": lambda: agreement_paper(letters.agreement(), letters.imprint("责任书〔2013〕7号")),
    "assignment": lambda: assignment_paper(letters.assignment(), letters.imprint("交办〔2013〕7号")),
    "assignment-change": lambda: assignment_paper(letters.changed_assignment(), letters.imprint("交办〔2013〕8号")),
    "reply": lambda: reply_paper(letters.reply(), letters.imprint("督复〔2013〕7号")),
    "urging": lambda: urging_paper(letters.urging(letters.urged_task(), letters.SOON), letters.imprint("催办〔2013〕8号")),
    "unit-page": lambda: portfolio_paper(overviews.portfolio(led=14, supported=9)),
    "comparison": lambda: comparison_paper(overviews.comparison()),
    "figures": lambda: figures_paper(overviews.figures(3)),
    "case": lambda: case_paper(cases.DECIDED, IMPRINT),
    "praise": lambda: case_paper(cases.PRAISE, IMPRINT),
    "conclusion": lambda: conclusion_paper(conclusion_of(cases.DECIDED, ConclusionForm.DECISION, "督结〔2014〕1号"), IMPRINT),
    "scorecard": lambda: scorecard_paper(scorecard(), IMPRINT),
}

composed = pytest.mark.parametrize("paper", [pytest.param(make(), id=name) for name, make in COMPOSED.items()])
