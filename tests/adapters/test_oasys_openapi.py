"""Every example that the description of ARNS gives maps, in each generation of the scores.

The description lies outside this repository; without it there is nothing to read.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.base import AdapterError
from adapters.oasys import ADAPTER
from schemas.rosh import Rosh
from tests.adapters.mutation import SHARED, SUBJECT, read_all

SPECIFICATION = SHARED.parent / "openapi" / "assess-risks-and-needs.json"


def examples() -> Iterator[tuple[str, Any]]:
    if not SPECIFICATION.exists():
        return
    for path, operations in json.loads(SPECIFICATION.read_bytes())["paths"].items():
        for operation in operations.values():
            for content in operation["responses"].get("200", {}).get("content", {}).values():
                for example in content.get("examples", {}).values():
                    yield path, example["value"]


@pytest.mark.parametrize(("path", "body"), list(examples()))
def test_an_example_gives_a_score_for_each_of_its_figures(path: str, body: Any) -> None:
    people = read_all(ADAPTER, json.dumps(body).encode(), SUBJECT)
    records = [mapped.record for person in people for mapped in person.records]
    assert all(isinstance(record, Rosh) and record.scores for record in records), path
    versions = [one["outputVersion"] for one in (body if isinstance(body, list) else [body])]
    tools = [{s.tool for s in r.scores} for r in records if isinstance(r, Rosh)]
    for version, found in zip(versions, tools, strict=True):
        assert ("CSRP" in found) == (version == "2"), "generations are never merged"


def test_a_supplementary_risk_is_no_assessment() -> None:
    body = {"supplementaryRiskId": "1", "source": "INTERVENTION_REFERRAL", "crn": "X710001"}
    with pytest.raises(AdapterError, match="unsupported-shape"):
        read_all(ADAPTER, json.dumps(body).encode(), SUBJECT)
