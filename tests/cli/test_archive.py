"""`duban paper` as people use it: found by number and written out again as it was issued."""

import json

ON = ("--as", "watch", "--on", "2013-04-08")


def test_a_paper_is_found_and_written_out_byte_for_byte(house, tmp_path):
    assert "没有符合条件" in house("paper", "list", *ON).out
    assert house("bulletin", "publish", "2013Q1", *ON).code == 0
    (row,) = json.loads(house("paper", "list", "--kind", "bulletin", "--year", "2013", "--json", *ON).out)
    assert (row["doc_no"], row["kind"]) == ("2013年第1期", "bulletin")
    assert "督查通报" in house("paper", "list", *ON).out
    written = json.loads(house("paper", "write", "2013年第1期", "-o", str(tmp_path / "out"), "--json", *ON).out)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert len(written["files"]) == len(kept)
    assert kept == {path.name: path.read_bytes() for path in (house.home / "bulletins").iterdir()}


def test_what_is_not_there_is_refused(house, tmp_path):
    assert house("paper", "write", "督结〔2013〕9号", *ON).err.startswith("error[unknown-paper]")
    assert house("bulletin", "publish", "2013Q1", *ON).code == 0
    blocked = tmp_path / "file"
    blocked.write_text("x")
    assert house("paper", "write", "1", "-o", str(blocked / "below"), *ON).err.startswith("error[file-not-written]")


def test_an_approval_promises_no_run_that_does_not_come(house):
    assert house("bulletin", "draft", "2013Q1", *ON).code == 0
    assert "没有等着它的定时运行，请用 duban bulletin publish 2013Q1 印发" in house("bulletin", "approve", "2013Q1", *ON).out
