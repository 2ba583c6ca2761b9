"""The frame of every JSON adapter: one payload, one recognised shape, no guessing.

A shape recognises a payload by the fields it has, never by its values, and maps it to persons.
Whom the payload is about comes from the payload, from the push (`Subject`), or both; where both
name a valid identifier of one scheme they must agree.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from pydantic import ValidationError

from adapters.base import AdapterError, Caution, Item, MappedPerson, Subject, identifier
from adapters.reading import Node, load, split_json
from adapters.writing import Export, Line
from schemas.identifiers import Scheme, canonical
from schemas.person import Identifier


class Shape(NamedTuple):
    """A payload form: `recognises` looks at field names only, `read` maps what it recognised."""

    name: str
    recognises: Callable[[Node], bool]
    read: Callable[[Node, Subject | None], list[MappedPerson]]


def identifiers_of(
    system: str, named: Iterable[tuple[Scheme, Node]], subject: Subject | None = None
) -> list[Identifier]:
    """All a payload names about one person, and the subject of the push; no repeats.

    A placeholder or an empty value is no identifier; a malformed one is kept, unverified.
    Raises `AdapterError` (`subject-mismatch`) where the payload names others than the subject.
    """
    found: dict[tuple[Scheme, str], Identifier] = {}
    for scheme, node in named:
        if (text := node.text()) and text.strip():
            one = identifier(scheme, text.strip(), system, node.cautions, node.pointer)
            found.setdefault((one.scheme, one.value), one)
    if subject is not None:
        _check_subject(list(found.values()), subject)
        one = identifier(subject.scheme, subject.value, system, [], "")
        found.setdefault((one.scheme, one.value), one)
    return list(found.values())


@dataclass(slots=True)
class JsonAdapter:
    """An `adapters.base.Adapter` over JSON shapes, tried in order; the first that fits reads."""

    system: str
    shapes: Sequence[Shape]
    version: str = "1"
    media_types: Sequence[str] = ("application/json",)
    lines: Sequence[Line] = ()
    exports: Sequence[Export] = ()

    def split(self, raw: bytes) -> list[Item]:
        """A JSON array is a batch; anything else is one payload. Raises `AdapterError`."""
        return split_json(raw)

    def read(self, raw: bytes, subject: Subject | None = None) -> Sequence[MappedPerson]:
        """Map one payload. Raises `AdapterError`: `unsupported-shape` where no shape fits,
        `no-subject` where nobody is named, `subject-mismatch`, `not-canonical`, and what `load`
        and the shapes raise."""
        node = load(raw)
        loaded = list(node.cautions)
        shape = next((one for one in self.shapes if one.recognises(node)), None)
        if shape is None:
            known = ", ".join(dict.fromkeys(one.name for one in self.shapes))
            raise AdapterError("unsupported-shape", f"{self.system} takes: {known}")
        take = partial(shape.read, Node(node.value, "", []), subject)
        return finished(shape.name, take, subject, loaded)


def finished(
    name: str,
    take: Callable[[], list[MappedPerson]],
    subject: Subject | None,
    loaded: Sequence[Caution] = (),
) -> list[MappedPerson]:
    """What a shape reads, held to the rules for every payload. Raises `AdapterError`:
    `not-canonical`, `no-subject`, `subject-mismatch`, and what the shape raises."""
    try:
        persons = take()
    except ValidationError as error:
        fields = sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]})
        detail = f"{name} does not give a canonical record: {', '.join(fields)}"
        raise AdapterError("not-canonical", detail) from None
    if not persons or not all(person.identifiers for person in persons):
        raise AdapterError("no-subject", _NO_SUBJECT)
    said = [*loaded, *(c for one in persons for c in _check_subject(one.identifiers, subject))]
    return [replace(one, cautions=unique(said + one.cautions)) for one in persons]


_NO_SUBJECT = (
    'the payload names no person: send a Subject header or wrap it as {"subject": …, "payload": …}'
)


def _check_subject(named: Sequence[Identifier], subject: Subject | None) -> list[Caution]:
    """A caution for a malformed subject; raises where the payload names only others."""
    if subject is None:
        return []
    if (wanted := canonical(subject.scheme, subject.value)) is None:
        return [Caution("unverified-identifier", "")]
    values = {one.value for one in named if one.verified and one.scheme == subject.scheme}
    if values and wanted not in values:
        detail = f"the payload names another {subject.scheme} than the subject of the push"
        raise AdapterError("subject-mismatch", detail)
    return []


def apart(node: Node) -> Node:
    """The same node with cautions of its own: one person of several in a payload."""
    return Node(node.value, node.pointer, [])


def objects(rows: Node) -> Iterator[Node]:
    """The rows of a list that are objects; any other row leaves a caution."""
    for row in rows:
        if isinstance(row.value, dict):
            yield row
        else:
            row.warn("unreadable-value")


def unique(cautions: Iterable[Caution]) -> list[Caution]:
    """Cautions in order, each once: two readers of one field would otherwise say it twice."""
    return list(dict.fromkeys(cautions))
