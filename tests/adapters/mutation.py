"""Samples with any one node replaced by other JSON, or any key dropped."""

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from adapters.base import Adapter, AdapterError, MappedPerson, Subject
from schemas.identifiers import Scheme

SHARED = Path(__file__).parents[3] / "shared" / "upstream" / "samples"
ODD_TEXT = ["", "string", "1900-01-01", "2129-09-14", "{createdDate}", "X9", "Very High", "\u202e"]
SUBJECT = Subject(Scheme.CRN, "X710001")

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(ODD_TEXT)
    | st.text(max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def samples(system: str) -> list[Path]:
    """The adapter's own samples, and the upstream ones where they lie beside the repository."""
    own = Path(__file__).parents[2] / "adapters" / system / "samples"
    return sorted(own.glob("*.json")) + sorted((SHARED / system).glob("*.json"))


def read_all(adapter: Adapter, raw: bytes, subject: Subject | None = None) -> list[MappedPerson]:
    """Split and read, as the gateway does."""
    items = adapter.split(raw)
    return [one for item in items for one in adapter.read(item.raw, item.subject or subject)]


def sample(adapter: Adapter, name: str, **changes: Any) -> list[MappedPerson]:
    """Read one of the adapter's own samples, with top-level members of the payload changed."""
    own = Path(__file__).parents[2] / "adapters" / adapter.system / "samples"
    document = json.loads((own / f"{name}.json").read_text())
    inner = document.get("payload", document) if isinstance(document, dict) else document
    if changes:
        inner.update(changes)
    return read_all(adapter, json.dumps(document).encode())


def codes(person: MappedPerson) -> set[str]:
    """The codes of all cautions."""
    return {caution.code for caution in person.cautions}


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    places = [path]
    rows = list(enumerate(value)) if isinstance(value, list) else []
    for key, part in value.items() if isinstance(value, dict) else rows:
        places += _places(part, (*path, key))
    return places


@st.composite
def mutated(draw: st.DrawFn, system: str) -> bytes:
    """One of the samples with up to three nodes replaced or dropped."""
    document = json.loads(draw(st.sampled_from(samples(system))).read_bytes())
    if isinstance(document, dict) and document.keys() == {"subject", "payload"}:
        document = document["payload"]
    for _ in range(draw(st.integers(1, 3))):
        document = _mutate(draw, copy.deepcopy(document))
    return json.dumps(document).encode()


def _mutate(draw: st.DrawFn, document: Any) -> Any:
    path = draw(st.sampled_from(_places(document)))
    if not path:
        return draw(values)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    if draw(st.booleans()):
        del parent[path[-1]]
    else:
        parent[path[-1]] = draw(values)
    return document


def check_never_breaks(adapter: Adapter, raw: bytes, subject: Subject | None) -> None:
    """Only an `AdapterError`, or records that survive their own JSON."""
    try:
        people = read_all(adapter, raw, subject)
    except AdapterError:
        return
    for person in people:
        assert person.identifiers
        for mapped in person.records:
            body = mapped.record.model_dump_json(by_alias=True)
            assert type(mapped.record).model_validate_json(body) == mapped.record
