"""The way out: what an adapter writes, and where each canonical field has its place.

Nothing is decided here. What is missing from a case was withheld or never known, and an adapter
writes what it is given. What it writes it must be able to read again: `lines` say which fields
survive the way there and back, and a test holds every adapter to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from schemas.kinds import Kind


class Way(StrEnum):
    """In which direction a format carries a field."""

    BOTH = "both"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Line:
    """One canonical field beside its place in the agency's format.

    `field` is its camelCase path in the record, with `[]` after a list (`addresses[].lines`).
    `place` is the agency's own name for it. `note` says in a few words what is lost or changed.
    A field without a line is one that the format cannot hold.
    """

    kind: Kind
    field: str
    place: str
    way: Way = Way.BOTH
    note: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What one reader may be told of one person, already redacted.

    `reference` is the gateway's id of the person; `generated` is aware. `documents` are records
    as camelCase JSON values, and hold only released sections. `withheld` gives (section, rule)
    pairs by kind. `provenance` says of each document what the `meta` of an answer says (`source`,
    `writtenAt`, `receivedAt`).
    """

    reference: str
    generated: datetime
    documents: Mapping[Kind, Mapping[str, Any]]
    withheld: Mapping[Kind, Sequence[tuple[str, str]]] = field(default_factory=dict)
    provenance: Mapping[Kind, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Export:
    """A form in which a case is written out for a system.

    `name` ends its URL (`/v1/persons/{ref}/exports/{system}/{name}`), such as `case.json`.
    `kinds` are the records it draws on. `write` gives the bytes; where `readable`, they are a
    body that the same adapter takes as a push. `alone`: the person and their case team are worth
    writing with nothing besides; else they only say whom the form is about.
    """

    name: str
    media_type: str
    kinds: tuple[Kind, ...]
    write: Callable[[Case], bytes]
    readable: bool = True
    alone: bool = False

    @property
    def about(self) -> tuple[Kind, ...]:
        """The records of which one must be told, or there is nothing to write: a scheme without
        victims, or a licence without an id, would say what nobody knows."""
        others = tuple(one for one in self.kinds if one not in (Kind.PERSON, Kind.CASE_TEAM))
        return self.kinds if self.alone or not others else others
