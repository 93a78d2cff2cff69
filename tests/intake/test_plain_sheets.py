"""The first sheet of a book as bare rows: the fast way and the slow way say the same, and what the fast one cannot bear never gets there."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from intake.plain_sheets import _is_plain, _read_slowly, first_sheet
from intake.safety import load
from rules.errors import DubanError

ODD = [
    pytest.param("甲局", None, "甲局", id="text"),
    pytest.param("  两 端 ", None, "  两 端 ", id="spaces are kept"),
    pytest.param("第一行\n第二行", None, "第一行\n第二行", id="two lines"),
    pytest.param("007", None, "007", id="digits as text"),
    pytest.param("<甲&乙>", None, "<甲&乙>", id="marks"),
    pytest.param(5, None, "5", id="whole"),
    pytest.param(5.5, None, "5.5", id="broken"),
    pytest.param(13800000000, None, "13800000000", id="telephone"),
    pytest.param(1e20, None, "1e+20", id="beyond exactness"),
    pytest.param(True, None, "True", id="yes"),
    pytest.param(0.7, "0%", "0.7", id="share"),
    pytest.param(date(2013, 10, 1), "yyyy-mm-dd", "2013-10-01", id="day"),
    pytest.param(date(2013, 10, 1), 'yyyy"年"m"月"d"日"', "2013-10-01", id="Chinese day"),
    pytest.param(datetime.fromisoformat("2013-10-01T12:30"), "yyyy-mm-dd hh:mm", "2013-10-01 12:30:00", id="instant"),
    pytest.param(time(12, 0), "hh:mm", "12:00:00", id="hour"),
    pytest.param(timedelta(hours=36), "[h]:mm", "1 day, 12:00:00", id="span"),
]


def sheet_of(tmp_path, fill, alter=None):
    book = openpyxl.Workbook()
    fill(book)
    place = tmp_path / "名单.xlsx"
    book.save(place)
    if alter is not None:
        old = zipfile.ZipFile(io.BytesIO(place.read_bytes()))
        with zipfile.ZipFile(place, "w") as new:
            for name in old.namelist():
                new.writestr(name, alter(old.read(name)) if name.endswith("sheet1.xml") else old.read(name))
    return load(place)


@pytest.mark.parametrize(("value", "shown_as", "text"), ODD)
def test_both_ways_read_an_odd_cell_alike(tmp_path, value, shown_as, text):
    def fill(book):
        cell = book.active.cell(1, 1, value)
        cell.number_format = shown_as or cell.number_format

    file = sheet_of(tmp_path, fill)
    assert _is_plain(file)
    assert list(first_sheet(file)) == list(_read_slowly(file)) == [[text]]


def rows(book):
    book.active.append(["名称", "地区"])
    book.active.append([])
    book.active.append(["甲局", None])


NOT_PLAIN = [
    pytest.param(
        lambda data: data.replace(b"</sheetData>", b'<row r="4"><c r="A4"><f>1+1</f><v>2</v></c></row></sheetData>'), "=1+1", id="formula"
    ),
    pytest.param(
        lambda data: data.replace(b"</sheetData>", b'<row r="4"><c r="A4" t="e"><v>#N/A</v></c></row></sheetData>'), "#N/A", id="error"
    ),
    pytest.param(
        lambda data: data.replace(b"</sheetData>", b'<row r="4"><c r="A4"><v>7</v></c><c r="XFD4"><v>1</v></c></row></sheetData>'),
        "7",
        id="a cell far to the right",
    ),
    pytest.param(lambda data: data.replace(b"</sheetData>", b"<row r='4'><c r='A4'><v>7</v></c></row></sheetData>"), "7", id="other marks"),
]


@pytest.mark.parametrize(("alter", "told"), NOT_PLAIN)
def test_what_is_not_plain_is_read_all_the_same(tmp_path, alter, told):
    file = sheet_of(tmp_path, rows, alter)
    assert not _is_plain(file)
    found = list(first_sheet(file))
    assert (found[0][:2], found[2][0], found[3][0]) == (["名称", "地区"], "甲局", told)


@pytest.mark.parametrize("place", [b"A1048576", b"XFD1048576", b"AA2", b"A300000"])
def test_a_cell_far_out_never_reaches_the_fast_reader(tmp_path, place):
    number = place.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = b'<row r="' + number + b'"><c r="' + place + b'"><v>1</v></c></row></sheetData>'
    assert not _is_plain(sheet_of(tmp_path, rows, lambda data: data.replace(b"</sheetData>", far)))


def test_rows_keep_their_numbers_and_a_wrong_stated_size_cuts_nothing_off(tmp_path):
    file = sheet_of(tmp_path, rows, lambda data: data.replace(b'ref="A1:B3"', b'ref="A1:A1"'))
    assert [row[0] for row in first_sheet(file)] == [row[0] if row else "" for row in _read_slowly(file)] == ["名称", "", "甲局"]


def test_the_first_sheet_is_read_though_it_is_hidden(tmp_path):
    def fill(book):
        rows(book)
        book.create_sheet("第二页").append(["乙局"])
        book.active.sheet_state = "hidden"
        book.active = 1

    assert next(iter(first_sheet(sheet_of(tmp_path, fill))))[0] == "名称"


def test_a_text_that_is_not_there_is_a_damaged_file(tmp_path):
    lost = b'<row r="4"><c r="A4" t="s"><v>99999</v></c></row></sheetData>'
    with pytest.raises(DubanError) as refused:
        list(first_sheet(sheet_of(tmp_path, rows, lambda data: data.replace(b"</sheetData>", lost))))
    assert refused.value.code == "file-damaged"
