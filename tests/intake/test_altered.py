"""A document altered in one place: exactly the right finding appears, and no other comes, goes or changes."""

import pytest

from intake.reading import read_document
from tests.intake.samples import EXAMPLE, SEED, needs_shared, read_text

# name: words, what they become, which time they stand (from the end if negative), code and item of the one new finding
OWN = {
    "yearly-figure": ("\t34个市", "\t30个市", 1, "years-do-not-sum", "t1-1"),
    "yearly-figure-of-two": ("滚动支持5个", "滚动支持6个", 1, "years-do-not-sum", "t1-2"),
    "total-of-the-row": ("示范县30个，每个", "示范县31个，每个", 1, "years-do-not-sum", "t1-3"),
    "figure-of-every-year": ("\t派出500名", "\t派出600名", 2, "years-do-not-sum", "t1-4"),
    "yearly-figure-of-three": ("（科技助理）400人次", "（科技助理）410人次", 3, "years-do-not-sum", "t1-6"),
    "last-year": ("广西科普示范县（市、区）4个", "广西科普示范县（市、区）5个", 1, "years-do-not-sum", "t1-7"),
    "year-without-a-total": ("\t培训科技管理干部500人次", "\t培训科技管理干部600人次", 1, "body-differs-from-table", "p15"),
    "body-sum-of-two": ("合计支持45个", "合计支持46个", 1, "body-differs-from-table", "p15"),
    "body-of-every-year": ("特派员1500名", "特派员1400名", 1, "body-differs-from-table", "p15"),
    "body": ("全国科普示范县（市、区）15个", "全国科普示范县（市、区）16个", 1, "body-differs-from-table", "p15"),
    "note-removed": ("（责任单位：自治区财政厅、科技厅，各市、县市区人民政府）", "", 1, "no-responsible-unit", "p18"),
    "unit-cell-emptied": ("\t自治区科技厅、发展改革委，有关市、县（市、区）人民政府", "\t", 1, "no-responsible-unit", "t1-1"),
    "seven-made-eight": ("七大", "八大", -1, "stated-count-differs", None),
    "number-skipped": ("\t7\n", "\t8\n", 1, "stated-count-differs", "t1-7"),
    "person-times-made-persons": ("科技管理干部500人次", "科技管理干部500人", 2, "unit-of-measure-differs", "t1-6"),
    "body-persons": ("科技管理干部1500人次", "科技管理干部1500人", 1, "unit-of-measure-differs", "p15"),
    "negative": ("\t34个市", "\t-34个市", 1, "absurd-number", "t1-1"),
    "impossible-year": ("\t2015年", "\t3015年", 1, "unknown-year", None),
    "short-year": ("\t2015年", "\t15年", 1, "unknown-year", None),
}
SHARED = {
    "yearly-figure": ("\t33个", "\t30个", -1, "years-do-not-sum", "t1-1"),
    "yearly-figure-of-two": ("新增支持10个", "新增支持12个", 1, "years-do-not-sum", "t1-2"),
    "figure-of-every-year": ("\t选派（聘任）500名", "\t选派（聘任）600名", 1, "years-do-not-sum", "t1-4"),
    "clause-cut-by-a-stop": ("支持5个县（市、区）。", "支持6个县（市、区）。", 1, "years-do-not-sum", "t1-7"),
    "body": ("支持30个县（市、区）建设", "支持35个县（市、区）建设", 1, "body-differs-from-table", "p23"),
    "body-sum-of-two": ("支持45个县", "支持46个县", 1, "body-differs-from-table", "p23"),
    "note-removed": ("（责任单位：自治区财政厅、科技厅，各市、县市区人民政府）", "", 1, "no-responsible-unit", "p26"),
    "note-of-an-unnumbered-paragraph": (
        "（责任单位：自治区科技厅、人力资源社会保障厅，各市、县市区人民政府）",
        "",
        1,
        "no-responsible-unit",
        "p16",
    ),
    "seven-made-eight": ("七大", "八大", 1, "stated-count-differs", None),
    "number-skipped": ("\t7\n", "\t8\n", 1, "stated-count-differs", "t1-7"),
    "person-times-made-persons": ("科技管理干部500人次", "科技管理干部500人", 1, "unit-of-measure-differs", "t1-6"),
}


def altered(text: str, words: str, becomes: str, time: int) -> str:
    parts = text.split(words)
    assert len(parts) > abs(time), words
    at = time if time > 0 else len(parts) + time
    return words.join(parts[:at]) + becomes + words.join(parts[at:])


def findings(draft):
    """What the findings say, without the number the row itself was given."""
    return [(finding.code, finding.item, finding.message.replace("第8项", "第7项")) for finding in draft.findings]


def one_more(path, change, folder):
    words, becomes, time, code, item = change
    before = findings(read_document(path))
    after = findings(read_text(folder, altered(path.read_text(encoding="utf-8"), words, becomes, time)))
    added = [finding for finding in after if finding not in before]
    assert [finding[:2] for finding in added] == [(code, item)]
    assert [finding for finding in before if finding not in after] == []
    return added[0][2]


@pytest.mark.parametrize("change", OWN.values(), ids=OWN)
def test_own_example(change, tmp_path):
    one_more(EXAMPLE, change, tmp_path)


@needs_shared
@pytest.mark.parametrize("change", SHARED.values(), ids=SHARED)
def test_shared_document(change, tmp_path):
    one_more(SEED, change, tmp_path)


def test_the_sum_finding_names_row_figures_and_difference(tmp_path):
    message = one_more(EXAMPLE, OWN["yearly-figure"], tmp_path)
    assert "第1项“基层科技管理服务条件完善建设行动”" in message
    assert "33+30+33=96，与合计100相差4" in message


def test_a_lead_marked_in_one_row_makes_the_others_lack_it(tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    words = "自治区科技厅、发展改革委"
    draft = read_text(tmp_path, altered(text, words, "自治区科技厅（牵头）、发展改革委", 1))
    lacking = [finding.item for finding in draft.findings if finding.code == "lead-not-marked"]
    assert lacking == [item.id for item in draft.items if item.issue and item.id != "t1-1"]
    assert "自治区知识产权局" in next(finding.message for finding in draft.findings if finding.item == "t1-5")
