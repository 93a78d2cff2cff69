"""The examples of docs/findings.md: each document, read, gives the finding it is an example of and no other, in the words the document quotes."""

import re

import pytest
import xlsxwriter

from intake.document import Paragraph
from intake.drafting import draft_of
from intake.readers.pdf import read_pdf
from intake.reading import read_document
from intake.review.register import Register, RegisteredUnit, unit_findings
from intake.safety import SafeFile
from tests.intake.pdf_files import Sheet, pdf_bytes
from tests.intake.samples import ROOT, document, grid, read_text

TITLE = Paragraph("青江市水利建设三年行动方案（2024-2026年）")
TASKS = ("序号", "任务", "牵头单位", "完成时限")
YEARS = ("序号", "行动名称", "内容目标", "2024年", "2025年", "2026年", "牵头单位")
DAM, RIVER = ("1", "加固水库30座", "市水利局", "2025年底前"), ("2", "清淤河道60公里", "市水利局", "2026年底前")
LEADS = ("市水利局（牵头）、市财政局", "2025年底前")
TEXT = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8").partition("## Examples")[2]
EXAMPLES = {
    "paragraph-cut": (TITLE, Paragraph("（牵头单位：市水利局）2025年底前加固水库30座。" + "逐库销号。" * 17_994 + "已办结。")),
    "columns-cut": (
        Paragraph("青江市水利建设方案（2024-2026年）"),
        grid((*TASKS, *["说明"] * 297), (*DAM, *["记录"] * 297), (*RIVER, *["记录"] * 297)),
    ),
    "plan-end-counted": (
        Paragraph("青江市水库加固工作方案"),
        Paragraph("一、主要任务"),
        Paragraph("（一）用三年时间加固水库30座。（牵头单位：市水利局）"),
        Paragraph("青江市水利局"),
        Paragraph("2024年5月6日"),
    ),
    "years-do-not-sum": (
        TITLE,
        grid(YEARS, ("1", "水库加固行动", "加固水库100座", "加固水库33座", "加固水库34座", "加固水库30座", "市水利局")),
    ),
    "absurd-number error": (TITLE, grid(TASKS, ("1", "新建泵站8-6座", "市水利局", "2025年底前"))),
    "absurd-number warning": (
        TITLE,
        grid(("序号", "行动名称", "内容目标", "牵头单位"), ("1", "农村供水行动", "自来水普及率达到130%", "市水利局")),
    ),
    "unit-of-measure-differs": (
        TITLE,
        grid(YEARS, ("1", "水利人才行动", "培训水利员300人次", "培训水利员100人次", "培训水利员100人", "培训水利员100人次", "市水利局")),
    ),
    "stated-count-differs": (
        TITLE,
        Paragraph("全市实施三大行动。"),
        grid(("序号", "行动名称", "牵头单位"), ("1", "水库加固行动", "市水利局"), ("2", "河道清淤行动", "市水利局")),
    ),
    "stated-count-differs jump": (TITLE, grid(TASKS, DAM, ("3", *RIVER[1:]))),
    "lead-not-marked": (
        TITLE,
        grid(("序号", "任务", "责任单位"), ("1", "加固水库30座", "市水利局、市财政局"), ("2", "清淤河道60公里", "市水利局")),
    ),
    "lead-not-marked one": (
        TITLE,
        grid(("序号", "任务", "责任单位"), ("1", "加固水库30座", "市水利局（牵头）"), ("2", "清淤河道60公里", "市农业农村局、市水利局")),
    ),
    "several-leads": (TITLE, grid(TASKS, ("1", "加固水库30座", "市水利局、市财政局", "2025年底前"))),
    "no-responsible-unit": (TITLE, grid(TASKS, DAM, ("2", "清淤河道60公里", "", "2026年底前"))),
    "column-guessed": (TITLE, grid(("硬骨头", "扛旗的", "交卷日"), ("加固水库30座", *LEADS), ("清淤河道60公里", *LEADS))),
    "column-guessed headless": (TITLE, grid(("1", "加固水库30座", *LEADS), ("2", "清淤河道60公里", *LEADS))),
    "column-guessed sections": (
        TITLE,
        grid(
            ("编号", "改革事项", "时间点"),
            ("市水利局（1项）", "<", "<"),
            ("1", "加固水库30座", "2025年"),
            ("市财政局（1项）", "<", "<"),
            ("2", "筹集资金", "2025年"),
        ),
    ),
    "open-unit-set": (
        TITLE,
        grid(("序号", "任务", "牵头单位", "配合单位"), ("1", "加固水库30座", "市水利局", "有关县（市、区）人民政府")),
    ),
    "unit-name-wording": (
        TITLE,
        grid(TASKS, ("1", "加固水库30座", "市人社局", "2025年底前"), ("2", "清淤河道60公里", "市人力资源和社会保障局", "2026年底前")),
    ),
    "place-holds-rule": (
        TITLE,
        grid(("序号", "任务", "实施地点", "牵头单位"), ("1", "加固水库30座", "每年从病险名录中遴选", "市水利局")),
    ),
    "date-not-fixed": (TITLE, grid(TASKS, ("1", "加固水库30座", "市水利局", "两年内"))),
    "body-differs-from-table": (
        TITLE,
        Paragraph("一、主要目标"),
        Paragraph("三年内加固水库35座，提高抗旱能力。"),
        grid(YEARS, ("1", "水库加固行动", "加固水库30座", "加固水库10座", "加固水库10座", "加固水库10座", "市水利局")),
    ),
    "cannot-be-verified": (TITLE, Paragraph("一、主要任务"), Paragraph("（一）节水灌溉面积实现倍增。（牵头单位：市水利局）")),
    "no-due-date": (
        Paragraph("关于加强水库管理的意见"),
        Paragraph("（一）加固水库30座。（牵头单位：市水利局）"),
        Paragraph("（二）清淤河道60公里。（牵头单位：市水利局）"),
    ),
    "days-reversed": (
        TITLE,
        grid(("序号", "任务", "牵头单位", "开始时间", "完成时限"), ("1", "加固水库30座", "市水利局", "2025年6月", "2025年3月")),
    ),
    "outside-plan-period": (TITLE, grid(TASKS, ("1", "加固水库30座", "市水利局", "2027年6月底前"))),
    "year-skipped": (
        grid(
            ("序号", "行动名称", "2024年", "2026年", "2027年", "牵头单位"),
            ("1", "水库加固行动", "加固坝体", "加固坝坡", "竣工验收", "市水利局"),
        ),
    ),
    "unknown-year": (grid(("序号", "行动名称", "3026年", "牵头单位"), ("1", "水库加固行动", "加固坝体", "市水利局")),),
    "duplicate-item": (TITLE, grid(TASKS, DAM, ("2", *DAM[1:]))),
    "nothing-to-issue": (TITLE, grid(("序号", "任务", "完成时限"), ("1", "加固水库30座", "2025年底前"))),
}
GOES_WITH = {
    "column-guessed": {"lead-not-marked"},
    "body-differs-from-table": {"no-responsible-unit"},
    "nothing-to-issue": {"no-responsible-unit"},
    "unknown-year": {"no-due-date"},
}


def section(code: str) -> str:
    """Return what the document says under a code, without white space."""
    found = re.findall(rf"^`{code}`[^\n]*\n(.*?)(?=^`|\Z)", TEXT, re.M | re.S)
    assert found, code
    return re.sub(r"\s+", "", "".join(found))


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_gives_its_finding_and_no_other(name):
    code = name.split()[0]
    findings = draft_of(document(*EXAMPLES[name])).findings
    assert {finding.code for finding in findings} - GOES_WITH.get(code, set()) == {code}
    for finding in findings:
        if finding.code == code:
            assert re.sub(r"\s+", "", finding.message) in section(code)


def test_example_of_a_unit_taken_from_above(tmp_path):
    text = f"{TITLE.text}\n序号,任务,牵头单位,完成时限\n1,加固水库30座,市水利局,2025年底前\n2,清淤河道60公里,,2026年底前\n"
    (finding,) = read_text(tmp_path, text, "方案.csv").findings
    assert (finding.code, finding.message in section("units-from-above")) == ("units-from-above", True)


@pytest.mark.parametrize(
    ("code", "unit", "registered"),
    [
        ("unknown-unit", "青江市交通运输委", ("青江市交通运输局",)),
        ("ambiguous-unit", "水利局", ("东源市水利局", "青江市水利局")),
    ],
)
def test_example_against_the_register(code, unit, registered):
    draft = draft_of(document(TITLE, grid(TASKS, ("1", "加固水库30座", unit, "2025年底前"))))
    (finding,) = unit_findings(draft, Register(tuple(RegisteredUnit(name) for name in registered)))
    assert (finding.code, finding.message in section(code)) == (code, True)


def test_example_of_what_a_sheet_hides(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "表.xlsx")) as book:
        sheet = book.add_worksheet("任务表")
        sheet.write(0, 0, TITLE.text)
        for at, row in enumerate([TASKS, DAM, RIVER], start=1):
            sheet.write_row(at, 0, row)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})
        book.add_worksheet("旧表").hide()
    findings = read_document(tmp_path / "表.xlsx").findings
    assert [finding.code for finding in findings] == ["hidden-rows"] * 3
    assert all(finding.message in section("hidden-rows") for finding in findings)


def test_example_of_a_page_that_is_a_picture():
    content = read_pdf(SafeFile("文件.pdf", "pdf", pdf_bytes([Sheet().lines([TITLE.text * 2] * 2), Sheet().picture()])))
    (finding,) = content.findings
    assert (finding.code, finding.message in section("pages-without-text")) == ("pages-without-text", True)


def test_every_finding_has_an_example():
    documented = set(
        re.findall(r"^\| `([a-z-]+)` \| (?:error|warning|info)", (ROOT / "docs" / "findings.md").read_text(encoding="utf-8"), re.M)
    )
    assert documented == set(re.findall(r"^`([a-z-]+)`", TEXT, re.M))
