"""People of one's own for tests on the shared gateway, and short ways to push what they need."""

import itertools
import json
from dataclasses import replace
from datetime import date
from typing import Any

import httpx

from gateway.demo.payloads import delius_person, oasys_plan
from gateway.demo.people import Character, characters
from schemas.identifiers import CHECK_LETTERS
from tests.gateway.world import TODAY, Gateway

_numbers = itertools.count(1)


def pnc_of(number: int) -> str:
    """A valid PNC of 2001."""
    return f"2001/{number:07d}{CHECK_LETTERS[int(f'01{number:07d}') % 23]}"


def cro_of(number: int) -> str:
    """A valid CRO of 2001."""
    return f"{number:06d}/01{CHECK_LETTERS[int(f'01{number:06d}') % 23]}"


def somebody(**facts: Any) -> Character:
    """A person nobody else uses, of West Yorkshire (force 13) and its first desk."""
    number = next(_numbers)
    base = next(characters(1, TODAY))
    mine: dict[str, Any] = {
        "number": 70_000 + number,
        "surname": "Wexcombe",
        "born": date(1971, 2, 3),
        "crn": f"Y{number:06d}",
        "noms": f"B{number:04d}YX",
        "pnc": pnc_of(500_000 + number),
        "cro": cro_of(number),
        "visor": f"46/{800_000 + number}",
    }
    return replace(base, **(mine | facts))


def encoded(payload: Any) -> bytes:
    """A payload as a system would send it."""
    return payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()


def push(gateway: Gateway, system: str, payload: Any, **headers: str) -> list[dict[str, Any]]:
    """What became of each payload of an accepted push."""
    answer = gateway.push(system, encoded(payload), **headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def person_of(item: dict[str, Any]) -> str:
    """The one person an item's records were filed under."""
    (person,) = {record["person"] for record in item["records"]}
    return str(person)


def known(gateway: Gateway, **facts: Any) -> Character:
    """Somebody whose Delius record has arrived."""
    person = somebody(**facts)
    push(gateway, "delius", delius_person(person))
    return person


def plan(person: Character, completed: str | None, text: str, number: int = 1) -> dict[str, Any]:
    """One version of the plan of one OASys assessment, completed at a London wall time."""
    payload = oasys_plan(person)
    payload["assessments"][0] |= {
        "assessmentPk": number,
        "initiationDate": None,
        "dateCompleted": completed,
        "assessorSignedDate": completed,
        "supervision": text,
    }
    return payload


def ask(gateway: Gateway, ref: str, what: str = "", staff: str = "PP-13-1") -> httpx.Response:
    """Read something held about a person, as a member of staff in their daily work."""
    path = f"/v1/persons/{ref}/{what}" if what else f"/v1/persons/{ref}"
    return gateway.staff(staff).get(path)


def read(gateway: Gateway, ref: str, what: str = "", staff: str = "PP-13-1") -> Any:
    """The whole answer to a read that must succeed: `data` and `meta`."""
    answer = ask(gateway, ref, what, staff)
    assert answer.status_code == 200, answer.text
    return answer.json()
