"""The API against its own description: whatever is asked, right or wrong, is answered as the description says, and never by a bug."""

from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.api_house import Asking, add_papers, open_house

ALWAYS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance)
FEW = hypothesis.settings(
    max_examples=3, derandomize=True, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with open_house(tmp_path_factory.mktemp("api")) as asking:
        add_papers(asking.context)
        yield asking


@pytest.mark.parametrize(
    ("mode", "holder"), [(GenerationMode.POSITIVE, "unit"), (GenerationMode.NEGATIVE, "supervisor")], ids=["fit", "unfit"]
)
def test_answers_are_as_described(house: Asking, mode: GenerationMode, holder: str) -> None:
    token = {"Authorization": f"Bearer {house.secrets[holder]}"}
    checks = ALWAYS if mode is GenerationMode.POSITIVE else (*ALWAYS, negative_data_rejection)
    for found in schemathesis.openapi.from_asgi("/openapi.json", house.api).get_all_operations():

        @FEW
        def answered(case: schemathesis.Case) -> None:
            if mode is GenerationMode.POSITIVE:
                # Numbers at random would find nothing there.
                case.path_parameters = {
                    name: 1 + value % 7 if isinstance(value, int) else value for name, value in case.path_parameters.items()
                }
            case.validate_response(case.call(headers=token, base_url="http://127.0.0.1"), checks=list(checks))

        hypothesis.given(found.ok().as_strategy(generation_mode=mode))(answered)()


def test_the_description_is_whole(house: Asking) -> None:
    told = house.get("/openapi.json", "nobody").json()
    assert told["openapi"].startswith("3.1")
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(one["security"] and {"401", "403", "404", "422", "429"} <= set(one["responses"]) for one in operations)
    fields = [(name, key) for name, shape in told["components"]["schemas"].items() for key in shape.get("properties", {})]
    assert not [(name, key) for name, key in fields if not told["components"]["schemas"][name]["properties"][key].get("description")]
    assert not [one["name"] for operation in operations for one in operation.get("parameters", []) if not one.get("description")]
