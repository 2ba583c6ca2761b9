"""Stub mappings wrap answers in `request` and `response.jsonBody`; unwrap before mapping.

Each body that a shape recognises is mapped; each other one leaves an `unmapped-body` caution.
A body that names nobody is about the person whose reference its own request path holds.
"""

import re
from collections.abc import Iterator, Sequence

from adapters.base import AdapterError, Caution, MappedPerson, Subject
from adapters.json_adapter import Shape, apart, unique
from adapters.reading import Node
from schemas.identifiers import Scheme, canonical_crn, canonical_noms


def stub_mappings(shapes: Sequence[Shape]) -> Shape:
    """The shape that unwraps stub mappings and maps their bodies by `shapes`."""

    def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
        found, cautions = _read_all(shapes, node, subject)
        if not found:
            raise AdapterError("unsupported-shape", "no body of the stub mappings can be mapped")
        return [
            MappedPerson(one.identifiers, one.records, unique(one.cautions + cautions))
            for one in _joined(found)
        ]

    return Shape("stub-mappings", lambda node: any(True for _ in _mappings(node)), read)


def _mappings(node: Node) -> Iterator[Node]:
    rows = node["mappings"] if node.has("mappings") else [node]
    return (row for row in rows if row["response"].has("jsonBody"))


def _read_all(
    shapes: Sequence[Shape], node: Node, subject: Subject | None
) -> tuple[list[MappedPerson], list[Caution]]:
    found: list[MappedPerson] = []
    cautions = node.cautions
    for mapping in _mappings(node):
        about = subject or _subject_in_path(mapping["request"])
        body = mapping["response"]["jsonBody"]
        for part in list(body) if isinstance(body.value, list) else [body]:
            shape = next((one for one in shapes if one.recognises(part)), None)
            named = [p for p in shape.read(apart(part), about) if p.identifiers] if shape else []
            if not named:
                part.warn("unmapped-body")
            found += named
    return found, cautions


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
    return list(people.values())
