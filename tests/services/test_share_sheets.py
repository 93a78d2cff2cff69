from datetime import date

import openpyxl
import pytest

from rules.cascade import Figure
from rules.errors import DubanError
from services.share_sheets import figure_said, read_shares
from services.shares import Share

HEADS = ["序号", "单位", "示范县", "覆盖率", "期限"]


def workbook(tmp_path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "分解.xlsx")
    return tmp_path / "分解.xlsx"


def csv(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "分解.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_workbook_with_title_and_sum(tmp_path):
    path = workbook(
        tmp_path,
        ["示范县分解表"],
        HEADS,
        [1, "北市", 6, "85", date(2013, 11, 30)],
        [2, "南市", "4-6", None, "2013年12月31日"],
        ["", "合计", 10, None, None],
    )
    assert read_shares(path) == [
        Share("北市", {"示范县": Figure(6, 6), "覆盖率": Figure(85, 85)}, date(2013, 11, 30)),
        Share("南市", {"示范县": Figure(4, 6)}, date(2013, 12, 31)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_any_usual_encoding(tmp_path, encoding):
    path = csv(tmp_path, "单位,示范县,开始,期限,内容\n北市,1.5,2013-03-01,2013/11/30,先行试点\n", encoding)
    assert read_shares(path) == [Share("北市", {"示范县": Figure(1.5, 1.5)}, date(2013, 11, 30), date(2013, 3, 1), "先行试点")]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        pytest.param("县,数量\n东县,3\n", "bad-share-sheet", "单位", id="no head"),
        pytest.param("单位,示范县\n,3\n", "bad-share-sheet", "第 2 行", id="a row without unit"),
        pytest.param("单位,示范县\n北市,若干\n", "bad-figure", "第 2 行（北市）", id="a figure in words"),
        pytest.param("单位,示范县\n北市,=1+1\n", "bad-figure", "=1+1", id="a formula"),
        pytest.param("单位,示范县,期限\n北市,3,年底前\n", "bad-date", "第 2 行（北市）", id="a day in words"),
        pytest.param("单位,示范县,期限\n北市,3,2013-02-30\n", "bad-date", "2013-02-30", id="no such day"),
        pytest.param("", "file-empty", "分解", id="empty"),
    ],
)
def test_what_cannot_be_read_names_the_row(tmp_path, text, code, words):
    with pytest.raises(DubanError, match=words.replace("+", r"\+")) as refused:
        read_shares(csv(tmp_path, text))
    assert refused.value.code == code


@pytest.mark.parametrize("written", ["", "-3", "6-4", "1e5", "十", "1" * 50, "3 个"])
def test_a_figure_is_a_figure(written):
    with pytest.raises(DubanError) as refused:
        figure_said(written)
    assert refused.value.code == "bad-figure"
