"""What becomes of a generated payload: mapped, or refused with a named reason; never a crash."""

import json
from collections import Counter

from adapters.base import AdapterError, MappedPerson
from adapters.registry import ADAPTERS
from adapters.testing.roundtrip import SOMEBODY
from adapters.testing.tested import assert_canonical
from tests.adapters.upstream.making import Maker
from tests.adapters.upstream.operations import Operation

CRASHED = "CRASHED"


def payload(operation: Operation, seed: int) -> bytes:
    """The payload of this number."""
    maker = Maker(operation.document, f"{operation.name} {seed}")
    return json.dumps(maker.value(operation.schema)).encode()


def outcome(system: str, raw: bytes) -> str:
    """`mapped`, `mapped: nothing to keep`, or the code of the refusal, as the gateway would find.

    An array is a batch: it is mapped where one of its items is.
    """
    adapter, people, refused = ADAPTERS[system], list[MappedPerson](), list[str]()
    try:
        items = adapter.split(raw)
    except AdapterError as error:
        return error.code
    for item in items:
        try:
            people += adapter.read(item.raw, item.subject)
        except AdapterError as error:
            if error.code != "no-subject":
                refused.append(error.code)
                continue
            try:
                people += adapter.read(item.raw, SOMEBODY)
            except AdapterError as other:
                refused.append(other.code)
    assert_canonical(people)
    if any(person.records or person.merged for person in people):
        return "mapped"
    return refused[0] if refused and not people else "mapped: nothing to keep"


def tally(operation: Operation, first: int, count: int) -> tuple[Counter[str], list[str]]:
    """How many of the payloads came to what, and how to make those again that crashed."""
    found: Counter[str] = Counter()
    crashes: list[str] = []
    for seed in range(first, first + count):
        try:
            found[outcome(operation.system, payload(operation, seed))] += 1
        except Exception as error:
            found[CRASHED] += 1
            crashes.append(f"{operation.name}, seed {seed}: {type(error).__name__}: {error}")
    return found, crashes
