"""The scheme's state out of the gateway, as a table and as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from itertools import zip_longest
from typing import Any

from adapters.vcms import rows, words
from adapters.writing import Case
from schemas.identifiers import Scheme
from schemas.kinds import Kind

Part = Mapping[str, Any]

_STATUS: dict[str, str] = {value: word for word, value in words.STATUS.items()}
_REQUEST: dict[str, str] = {value: word for word, value in words.REQUEST.items()}
_ANSWER: dict[str, str] = {value: word for word, value in words.ANSWER.items()}
_PERSON = {
    Scheme.CRN: "crn",
    Scheme.NOMS: "nomsNumber",
    Scheme.PNC: "pnc",
    Scheme.VCMS: "vcmsReference",
}


def write_json(case: Case) -> bytes:
    """One payload under `schema.json`, as far as what is released fills it."""
    payload = {
        "system": "vcms",
        "writtenAt": _written(case),
        "person": {_PERSON[scheme]: value for scheme, value in _named(case)},
        "cases": [_case(victim) for victim in _victims(case)],
    }
    return json.dumps(payload, ensure_ascii=False, indent=1).encode()


def write_csv(case: Case) -> bytes:
    """A row for each victim and for each further entry of one."""
    head = {rows.NAMED[scheme]: value for scheme, value in _named(case)}
    head["Written at"] = _written(case)
    document = case.documents.get(Kind.VICTIM_CONTACT, {})
    if document.get("victims") == []:
        return rows.TABLE.write([head | {"Status": rows.NOBODY}])
    return rows.TABLE.write(head | row for victim in _victims(case) for row in _rows(_case(victim)))


def _written(case: Case) -> str:
    return case.generated.astimezone(UTC).isoformat()


def _named(case: Case) -> Iterator[tuple[Scheme, str]]:
    """One identifier of each scheme; the first is the one in use."""
    seen = set[str]()
    for one in case.documents.get(Kind.PERSON, {}).get("identifiers") or []:
        scheme, value = one.get("scheme"), one.get("value")
        if value and scheme in {s.value for s in _PERSON} and scheme not in seen:
            seen.add(scheme)
            yield Scheme(scheme), value


def _victims(case: Case) -> Iterable[Part]:
    return case.documents.get(Kind.VICTIM_CONTACT, {}).get("victims") or []


def _case(victim: Part) -> dict[str, Any]:
    return _said(
        victimRef=victim.get("victimRef"),
        status=_word(_STATUS, victim.get("status"), victim.get("statusCode")),
        statusSince=victim.get("since"),
        vlo=_said(
            staffId=victim.get("vloStaffId"),
            name=victim.get("vloName"),
            telephone=victim.get("vloTelephone"),
            email=victim.get("vloEmail"),
        ),
        requests=[
            _said(**{**one, "type": _word(_REQUEST, one.get("type"))})
            for one in victim.get("requests") or []
        ],
        consultations=[
            _said(
                decision=one.get("decision"),
                answer=_word(_ANSWER, one.get("answer"), one.get("answerCode")),
                consulted=one.get("consulted"),
                outcome=one.get("outcome"),
            )
            for one in victim.get("consultations") or []
        ],
        informationGiven=[_said(**one) for one in victim.get("informationGiven") or []],
        representations=victim.get("representations"),
    )


def _word(words: Mapping[str, str], value: str | None, code: str | None = None) -> str | None:
    """The scheme's word for a value; the word it came in where the value is not known."""
    return words.get(value or "") or code


def _said(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", {}, [])}


def _rows(case: Part) -> Iterator[dict[str, str | None]]:
    """What is said once stands in the first row; the reference stands in all."""
    vlo = case.get("vlo", {})
    once: dict[str, str | None] = {
        "Status": case.get("status"),
        "Status since": case.get("statusSince"),
        "Representations": case.get("representations"),
    }
    officer = (vlo.get(name) for name in ("staffId", "name", "telephone", "email"))
    once |= dict(zip(rows.OFFICER, officer, strict=True))
    lists = (
        (rows.REQUEST, ("type", "requested", "outcome", "reason"), case.get("requests", [])),
        (
            rows.CONSULTATION,
            ("decision", "answer", "consulted", "outcome"),
            case.get("consultations", []),
        ),
        (rows.TOLD, ("topic", "given"), case.get("informationGiven", [])),
    )
    entries = (
        [{c: one.get(m) for c, m in zip(columns, members, strict=True)} for one in entries]
        for columns, members, entries in lists
    )
    for number, parts in enumerate(list(zip_longest(*entries, fillvalue={})) or [()]):
        row: dict[str, str | None] = {"Victim reference": case.get("victimRef")}
        row |= once if number == 0 else {}
        for part in parts:
            row |= part
        yield row
