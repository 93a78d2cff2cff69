"""The shipped example in three formats: one draft, and the files are those the script makes."""

import subprocess
import sys
from datetime import date

import pytest

from intake.draft import DraftPlan, ItemDraft
from intake.reading import read_document
from tests.intake.samples import EXAMPLES, ROOT, codes

NAME = "guangxi-2012-269"


@pytest.fixture(scope="module")
def drafts() -> dict[str, DraftPlan]:
    return {kind: read_document(EXAMPLES / f"{NAME}.{kind}") for kind in ("txt", "docx", "xlsx")}


def placeless(item: ItemDraft) -> dict[str, object]:
    return item.model_dump(exclude={"source"})


def rows(draft: DraftPlan) -> list[dict[str, object]]:
    return [placeless(item) for item in draft.items if item.source.table is not None]


def test_text_and_word_give_the_same_draft(drafts):
    text, word = drafts["txt"], drafts["docx"]
    assert [placeless(item) for item in text.items] == [placeless(item) for item in word.items]
    assert (text.plan, text.findings) == (word.plan, word.findings)


def test_excel_gives_the_same_rows(drafts):
    assert rows(drafts["xlsx"]) == rows(drafts["docx"])


def test_what_the_example_holds(drafts):
    draft = drafts["docx"]
    items = [item for item in draft.items if item.source.table is not None]
    assert [item.number for item in items] == list("1234567")
    assert sum(len(item.tasks) for item in items) == 21
    assert (draft.plan.starts_on, draft.plan.ends_on) == (date(2013, 1, 1), date(2015, 12, 31))
    assert (draft.plan.signed_on, draft.plan.issued_on) == (date(2012, 10, 25), date(2012, 10, 31))
    assert draft.plan.doc_no == "桂政办发〔2012〕269号"
    totals = {target.measure: target.value for item in items for target in item.targets if target.comparator == "eq"}
    assert sorted(totals.values()) == [10, 15, 15, 30, 30, 30, 90, 100, 400, 500, 1000]
    assert [item.issue for item in draft.items].count(False) == 2


def test_findings_of_the_example(drafts):
    assert codes(drafts["docx"].findings) == [
        ("lead-not-marked", "error", None),
        ("unit-of-measure-differs", "warning", "t1-6"),
        ("unit-of-measure-differs", "warning", "t1-6"),
        ("no-responsible-unit", "warning", "p8"),
        ("no-responsible-unit", "warning", "p15"),
        ("unit-name-wording", "warning", "t1-6"),
        ("open-unit-set", "info", None),
        ("place-holds-rule", "info", "t1-3"),
        ("place-holds-rule", "info", "t1-4"),
        ("place-holds-rule", "info", "t1-5"),
    ]


def test_the_files_are_those_the_script_makes(tmp_path):
    made = f"import sys; sys.path.insert(0, 'scripts'); import make_examples as m, pathlib; m.EXAMPLES = pathlib.Path({str(tmp_path)!r}); m.main()"
    subprocess.run([sys.executable, "-c", made], cwd=ROOT, check=True)
    for kind in ("txt", "docx", "xlsx"):
        again = read_document(tmp_path / f"{NAME}.{kind}")
        shipped = read_document(EXAMPLES / f"{NAME}.{kind}")
        assert again.model_dump(exclude={"source"}) == shipped.model_dump(exclude={"source"})
