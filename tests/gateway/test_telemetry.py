"""Traces hold nothing personal, and only what the allow-list names."""

import json
from pathlib import Path

from tests.gateway.world import Gateway

ALLOWED = {
    "gateway.kind",
    "gateway.action",
    "gateway.audit_entry",
    "http.response.status_code",
}


def test_a_traced_request_leaves_a_bare_span(tmp_path: Path) -> None:
    file = tmp_path / "spans"
    with Gateway.running(tmp_path / "data", people=1, trace_ratio=1.0, trace_file=file) as gateway:
        path = f"/v1/persons/crn:{gateway.hero.crn}/mappa"
        answer = gateway.responsible("OM").get(path)
    text = file.read_text()
    spans = [json.loads(part + "}") for part in text.split("\n}\n") if part.strip()]
    ours = [
        s for s in spans if s["attributes"]["gateway.audit_entry"] == answer.headers["audit-entry"]
    ]
    assert ours[0]["attributes"]["http.response.status_code"] == 200
    assert all(span["attributes"].keys() <= ALLOWED for span in spans)
    for secret in (gateway.hero.crn, gateway.hero.surname, "OM-13-1", "Bearer"):
        assert secret not in text
