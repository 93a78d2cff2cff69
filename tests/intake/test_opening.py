"""A draft handed in as JSON or as workbook, and what JSON holds."""

import json

import pytest

from intake.draft import draft_as_json
from intake.opening import read_draft
from intake.reading import read_document
from intake.workbook import write_workbook
from rules.errors import DubanError
from tests.intake.samples import EXAMPLE, SHARED, needs_shared


def test_json_and_workbook_are_told_apart_by_content(tmp_path):
    draft = read_document(EXAMPLE)
    as_json, as_workbook = tmp_path / "草案.xlsx.bak", tmp_path / "草案"
    as_json.write_text(json.dumps(draft_as_json(draft), ensure_ascii=False), encoding="utf-8")
    write_workbook(draft, as_workbook)
    assert read_draft(as_json) == read_draft(as_workbook) == draft


def test_the_schema_is_named_first():
    content = draft_as_json(read_document(EXAMPLE))
    assert next(iter(content)) == "schema"
    assert content["schema"] == "duban/draft-plan/1"
    assert json.loads(json.dumps(content)) == content


@needs_shared
def test_json_keeps_to_the_contract():
    import jsonschema

    schema = json.loads((SHARED / "contracts" / "draft-plan.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(draft_as_json(read_document(EXAMPLE)), schema, cls=jsonschema.Draft202012Validator)


REFUSALS = {
    "not-json": ('{"schema": ', "draft-not-json", "第1行"),
    "a-document": ("一、主要任务", "draft-not-json", "duban plan draft"),
    "another-schema": ('{"schema": "other"}', "draft-not-valid", "duban/draft-plan/1"),
    "a-field-wrong": (
        '{"schema": "duban/draft-plan/1", "source": {"name": "a", "sha256": "x", "kind": "txt"}, "plan": {}}',
        "draft-not-valid",
        "source.sha256",
    ),
    "no-number": (
        '{"schema": "duban/draft-plan/1", "source": {}, "plan": {}, "items": [{"id": "a", "title": "b", "text": "c", "confidence": NaN}]}',
        "draft-not-valid",
        "items.0.confidence",
    ),
    "deep": ('{"a": ' * 5000, "draft-not-json", "JSON"),
}


@pytest.mark.parametrize(("text", "code", "words"), REFUSALS.values(), ids=REFUSALS)
def test_refusals_say_where(text, code, words, tmp_path):
    path = tmp_path / "草案.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DubanError) as refusal:
        read_draft(path)
    assert refusal.value.code == code
    assert words in refusal.value.message
