"""Stub mappings wrap answers in `request` and `response.jsonBody`; unwrap before mapping.

Each body that a shape recognises is mapped; each other one leaves an `unmapped-body` caution.
A body that names nobody is about the person whose reference its own request path holds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.json_adapter import Shape, apart, unique
from adapters.reading import Node
from schemas.identifiers import Scheme, canonical_crn, canonical_noms


def stub_mappings(shapes: Sequence[Shape]) -> Shape:
    """The shape that unwraps stub mappings and maps their bodies by `shapes`."""

    def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
        return gather(
            (body, _reader(shapes, body, subject or _subject_in_path(mapping["request"])))
            for mapping in _mappings(node)
            for body in _bodies(mapping["response"]["jsonBody"])
        )

    return Shape("stub-mappings", lambda node: any(True for _ in _mappings(node)), read)


def gather(
    parts: Iterable[tuple[Node, Callable[[], list[MappedPerson]]]],
) -> list[MappedPerson]:
    """What can be mapped of several bodies in one payload; each other leaves a caution.

    Raises the first refusal (`AdapterError`) where nothing can be mapped.
    """
    found: list[MappedPerson] = []
    refusals: list[AdapterError] = []
    missed: list[Node] = []
    for part, read in parts:
        try:
            named = [person for person in read() if person.identifiers]
        except AdapterError as refusal:
            refusals.append(refusal)
            named = []
        if not named:
            missed.append(part)
        found += named
    if not found:
        raise (*refusals, AdapterError("unsupported-shape", "nothing in it can be mapped"))[0]
    for part in missed:
        part.warn("unmapped-body")
    shared = unique(caution for part in missed for caution in part.cautions)
    return [
        MappedPerson(one.identifiers, one.records, unique(one.cautions + shared), one.merged)
        for one in _joined(found)
    ]


def _mappings(node: Node) -> Iterator[Node]:
    rows = node["mappings"] if node.has("mappings") else [node]
    return (row for row in rows if row["response"].has("jsonBody"))


def _bodies(body: Node) -> list[Node]:
    return list(body) if isinstance(body.value, list) else [body]


def _reader(
    shapes: Sequence[Shape], body: Node, about: Subject | None
) -> Callable[[], list[MappedPerson]]:
    def read() -> list[MappedPerson]:
        shape = next((one for one in shapes if one.recognises(body)), None)
        return shape.read(apart(body), about) if shape else []

    return read


def _subject_in_path(request: Node) -> Subject | None:
    """The one reference that stands as a whole segment of the request's path."""
    path = request.first("url", "urlPath", "urlPattern", "urlPathPattern").value
    segments = set(re.split(r"[/?&=]", path)) if isinstance(path, str) else set()
    named = [Subject(Scheme.CRN, one) for one in segments if canonical_crn(one)]
    named += [Subject(Scheme.NOMS, one) for one in segments if canonical_noms(one)]
    return named[0] if len(named) == 1 else None


def _joined(found: Sequence[MappedPerson]) -> list[MappedPerson]:
    """Bodies that name the very same identifiers are one person's."""
    people: dict[tuple[tuple[str, str], ...], MappedPerson] = {}
    for one in found:
        key = tuple((i.scheme.value, i.value) for i in one.identifiers)
        mine = people.setdefault(key, MappedPerson(one.identifiers, []))
        mine.records.extend(r for r in one.records if r not in mine.records)
        mine.cautions.extend(one.cautions)
        mine.merged.extend(i for i in one.merged if i not in mine.merged)
    return list(people.values())
