"""What writers of JSON payloads share: numbers by scheme, nothing empty, a subject."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.writing import Case
from schemas.identifiers import Scheme, canonical
from schemas.kinds import Kind

Told = Mapping[str, Any]
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def numbers(case: Case) -> dict[Scheme, list[str]]:
    """The identifiers of a case by scheme, checked ones before others."""
    rows = case.documents.get(Kind.PERSON, {}).get("identifiers") or []
    found: dict[Scheme, list[str]] = {}
    for one in sorted(rows, key=lambda row: not row.get("verified")):
        if one.get("scheme") in list(Scheme) and one.get("value"):
            found.setdefault(Scheme(one["scheme"]), []).append(one["value"])
    return found


def bare(value: Any) -> Any:
    """Without members and rows that say nothing, as of a condition that is withheld."""
    if isinstance(value, Mapping):
        parts = {key: bare(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in _EMPTY}
    if isinstance(value, list):
        return [row for one in value if (row := bare(one)) not in _EMPTY]
    return value


def payload(document: Told, case: Case, own: Sequence[Scheme]) -> bytes:
    """One payload; wrapped with its subject where it cannot name the person by one of `own`."""
    held = numbers(case)
    others = (Scheme.NOMS, Scheme.CRN, Scheme.PNC, Scheme.CRO)
    subject = next(
        (f"{s}:{text}" for s in others for text in held.get(s, []) if canonical(s, text) == text),
        None,
    )
    if subject and not any(scheme in held for scheme in own):
        document = {"subject": subject, "payload": document}
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
