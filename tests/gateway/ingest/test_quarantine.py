"""What cannot be mapped is kept whole with its reason, costs its neighbours nothing, and can be
mapped again."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import text

from gateway.demo.cast import SYSTEMS
from gateway.demo.client import Agent
from gateway.demo.payloads import delius_person, visor_nominal
from gateway.demo.people import Character
from gateway.store import pushes, records
from tests.gateway.ingest.cases import ask, encoded, known, person_of, push, read, somebody
from tests.gateway.world import Gateway, fetched


def supervision(level: int = 2) -> dict[str, Any]:
    """A Delius answer that names nobody."""
    return {"mappaDetail": {"level": level, "category": 1}, "supervisions": []}


def nameless(person: Character) -> bytes:
    """Bytes of its own for each person, in a payload that names none."""
    return encoded(supervision() | {"note": f"case {person.number}"})


def kept(gateway: Gateway, body: bytes, system: str = "delius", **headers: str) -> str:
    """Push what cannot be mapped; returns its quarantine id."""
    answer = gateway.push(system, body, **headers)
    assert answer.status_code == 422, answer.text
    (item,) = answer.json()["items"]
    return str(item["quarantine"])


def queue(gateway: Gateway, asker: Agent, **page: int) -> dict[str, dict[str, Any]]:
    """What waits, by id, followed through all pages."""
    found: dict[str, dict[str, Any]] = {}
    path = f"/v1/quarantine?{urlencode({'limit': 50} | page)}"
    while path:
        answer = asker.get(path)
        assert answer.status_code == 200, answer.text
        found |= {one["id"]: one for one in answer.json()["data"]}
        path = answer.links.get("next", {}).get("url", "")
    return found


def replay(asker: Agent, identity: str, **headers: str) -> httpx.Response:
    return asker.call("POST", f"/v1/quarantine/{identity}/replay", headers=headers)


def administrator(gateway: Gateway) -> Agent:
    return gateway.staff("MA-13-1", purpose="system-update")


def test_a_batch_of_good_and_bad_is_accepted_item_by_item(gateway: Gateway) -> None:
    one, other = somebody(), somebody()
    batch = [delius_person(one), {"hello": one.number}, "text", delius_person(other)]
    answer = gateway.push("delius", encoded(batch))
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [item["index"] for item in items] == [0, 1, 2, 3]
    assert [item["outcome"] for item in items] == [
        "created",
        "quarantined",
        "quarantined",
        "created",
    ]
    assert answer.json()["counts"] == {"created": 2, "quarantined": 2}
    assert items[1]["reason"]["code"] == "unsupported-shape"
    assert len(gateway.entry(answer)["persons"]) == 2
    for person in (one, other):
        assert ask(gateway, f"crn:{person.crn}").status_code == 200


def test_a_batch_that_is_bad_throughout_is_refused_and_kept(gateway: Gateway) -> None:
    answer = gateway.push("delius", encoded([{"hello": "a"}, {"hello": "b"}]))
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "urn:mappa-gateway:problem:quarantined"
    assert (problem["status"], problem["counts"]) == (422, {"quarantined": 2})
    waiting = queue(gateway, gateway.system("delius"))
    assert {item["quarantine"] for item in problem["items"]} <= waiting.keys()


def test_a_batch_that_cannot_be_cut_is_one_payload(gateway: Gateway) -> None:
    body = b"[" + encoded(delius_person(somebody())) + b", {"
    identity = kept(gateway, body)
    with gateway.reading() as connection:
        row = fetched(connection, pushes.one_quarantined, identity)
        assert row
        assert fetched(connection, records.raw, row.raw_hash) == body


def test_a_police_batch_keeps_its_good_nominals(gateway: Gateway) -> None:
    person = somebody()
    bad = '<nominal reference="46/1"><unheard-of/></nominal>'
    body = f'<nominals xmlns="urn:mappa-gateway:visor:1">{visor_nominal(person)}{bad}</nominals>'
    items = push(gateway, "visor", body)
    assert [item["outcome"] for item in items] == ["created", "quarantined"]


def test_bytes_are_kept_exactly_and_never_shown(gateway: Gateway) -> None:
    body = b'\xef\xbb\xbf{"surname":\t"Zennor", "n":1.50e1}\r\n'
    identity = kept(gateway, body)
    with gateway.reading() as connection:
        row = fetched(connection, pushes.one_quarantined, identity)
        assert row
        assert fetched(connection, records.raw, row.raw_hash) == body
        assert (row.system, row.client) == ("delius", "probation-systems")
    listed = gateway.system("delius").get("/v1/quarantine", params={"limit": 200})
    assert identity in listed.text
    assert "Zennor" not in listed.text
    assert queue(gateway, gateway.system("delius"))[identity].keys() == {
        "id",
        "system",
        "receivedAt",
        "reason",
    }


def test_the_same_bytes_for_another_subject_are_another_payload(gateway: Gateway) -> None:
    body = encoded({"hello": "subject"})
    ids = [kept(gateway, body), kept(gateway, body), kept(gateway, body, Subject="crn:Y222222")]
    assert ids[0] == ids[1] != ids[2]


def test_with_the_subject_that_was_missing_a_payload_is_filed_and_leaves_the_queue(
    gateway: Gateway,
) -> None:
    person, system = known(gateway), gateway.system("delius")
    identity = kept(gateway, nameless(person))
    assert queue(gateway, system)[identity]["reason"]["code"] == "no-subject"
    filed = replay(system, identity, Subject=f"crn:{person.crn}")
    assert filed.status_code == 200, filed.text
    (item,) = filed.json()["items"]
    assert item["outcome"] == "created"
    assert gateway.entry(filed)["persons"] == [person_of(item)]
    assert read(gateway, f"crn:{person.crn}", "mappa")["data"]["level"] == 2
    assert identity not in queue(gateway, system)
    once_more = replay(system, identity, Subject=f"crn:{person.crn}")
    assert once_more.json()["counts"] == {"unchanged": 1}


def test_the_provenance_of_a_replay_is_the_first_senders(gateway: Gateway) -> None:
    person = known(gateway)
    identity = kept(gateway, nameless(person))
    filed = replay(administrator(gateway), identity, Subject=f"crn:{person.crn}")
    (record,) = filed.json()["items"][0]["records"]
    query = text("SELECT client, raw_hash FROM record_version WHERE id = :id")
    with gateway.reading() as connection:
        row = connection.execute(query, {"id": record["id"]}).one()
        assert row.client == "probation-systems"
        assert fetched(connection, records.raw, row.raw_hash) == nameless(person)


def test_a_replay_that_maps_nothing_leaves_the_payload_waiting(gateway: Gateway) -> None:
    system = gateway.system("delius")
    identity = kept(gateway, encoded({"hello": "again"}))
    refused = replay(system, identity)
    assert refused.status_code == 422
    assert refused.json()["items"][0]["quarantine"] == identity
    assert identity in queue(gateway, system)


def test_a_replay_keeps_the_subject_the_push_named(gateway: Gateway) -> None:
    one, other = known(gateway), known(gateway)
    record = {"lastName": one.surname, "identifiers": {"pncs": [one.pnc]}}
    identity = kept(gateway, encoded(record), "cpr", Subject=f"crn:{other.crn}")
    again = replay(gateway.system("cpr"), identity)
    assert again.json()["items"][0]["reason"]["code"] == "ambiguous-person"
    assert again.json()["items"][0]["quarantine"] == identity


def test_a_bad_subject_is_a_problem_of_the_request(gateway: Gateway) -> None:
    identity = kept(gateway, encoded({"hello": "bad subject"}))
    answer = replay(gateway.system("delius"), identity, Subject="nobody")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (400, "bad-subject")


def test_a_case_system_sees_and_replays_what_its_own_systems_sent(gateway: Gateway) -> None:
    mine = kept(gateway, encoded({"hello": "mine"}))
    theirs = kept(gateway, b"<nothing/>", "visor")
    probation, police = gateway.system("delius"), gateway.system("visor")
    assert mine in queue(gateway, probation)
    assert theirs not in queue(gateway, probation)
    assert theirs in queue(gateway, police)
    assert {one["system"] for one in queue(gateway, police).values()} == {"visor"}
    answer = replay(probation, theirs)
    nothing = replay(probation, "0" * 32)
    assert answer.status_code == nothing.status_code == 404
    assert answer.json()["detail"] == nothing.json()["detail"]
    assert replay(police, theirs).status_code == 422


def test_a_mappa_administrator_sees_and_replays_everything(gateway: Gateway) -> None:
    ids = {
        kept(gateway, encoded({"hello": "everything"})),
        kept(gateway, b"<everything/>", "visor"),
        kept(gateway, encoded({"hello": "everything"}), "nomis"),
    }
    assert ids <= queue(gateway, administrator(gateway)).keys()
    for identity in ids:
        assert replay(administrator(gateway), identity).status_code == 422


@pytest.mark.parametrize("staff", ["PP-13-1", "OM-13-1", "POM-13-1", "VLO-13-1", "AUD-1"])
def test_nobody_else_looks_at_the_queue(gateway: Gateway, staff: str) -> None:
    asker = gateway.staff(staff, purpose="system-update")
    assert asker.get("/v1/quarantine").status_code == 403
    assert replay(asker, "0" * 32).status_code == 403


def test_pages_of_the_queue_are_complete_and_do_not_overlap(gateway: Gateway) -> None:
    ids = {kept(gateway, encoded({"hello": f"page {n}"})) for n in range(3)}
    system = gateway.system("delius")
    one_by_one = queue(gateway, system, limit=1)
    assert ids <= one_by_one.keys()
    assert one_by_one == queue(gateway, system)


def test_a_client_of_a_system_that_has_no_adapter_is_told_which_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SYSTEMS, "future-systems", ("police", ("future",)))
    with Gateway.running(tmp_path / "data", people=0) as gateway:
        answer = gateway.push("future", b"{}")
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (
            404,
            "unknown-system",
        )
        assert "visor" in answer.json()["detail"]
        assert gateway.entry(answer)["outcome"] == "invalid"
