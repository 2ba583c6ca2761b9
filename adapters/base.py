"""What every adapter gives and takes: bytes in, canonical records out, nothing guessed.

An adapter is a pure function of bytes. It never looks anything up, never merges people and never
changes the bytes it was given; the gateway keeps those beside every version.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol, runtime_checkable

from adapters.writing import Export, Line
from schemas import Record
from schemas.identifiers import Scheme, canonical
from schemas.person import Identifier


class AdapterError(ValueError):
    """A payload that cannot be mapped. It goes whole into quarantine with this reason.

    `code` is a stable kebab-case name, `detail` tells a developer what to do, `pointer` says
    where (RFC 6901 for JSON, a path for XML). Neither ever repeats a value of the payload.
    """

    def __init__(self, code: str, detail: str, pointer: str = "") -> None:
        super().__init__(f"{code} at {pointer or '/'}: {detail}")
        self.code, self.detail, self.pointer = code, detail, pointer


@dataclass(frozen=True, slots=True)
class Caution:
    """Something in a good payload that a person should look at. Never repeats the value.

    Codes: `unverified-identifier`, `unknown-code`, `placeholder`, `unreadable-date`,
    `unreadable-value`, `not-yet-determined`, `contradiction`, `duplicate-key`, `retired-code`,
    `unknown-field`, `category-3-level-1`, `newer-assessment`, `unknown-policy-version`,
    `missing-heading`, `limited-access`, `unmapped-body`, `truncated`, `unclassified-map`,
    `unknown-heading`. Of tables also `assumed-encoding`, `ragged-row`, `spreadsheet-number`,
    `two-digit-year`, `serial-date`, `month-first-date`.
    """

    code: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a payload is about, where the payload itself does not say (`crn:X123456`)."""

    scheme: Scheme
    value: str


_SUBJECT = re.compile(r"(crn|noms|pnc|cro|visor|vcms):([!-~]{1,40})")


def parse_subject(text: str) -> Subject:
    """Read `scheme:value`. A PNC may use a hyphen for its slash. Raises `AdapterError`."""
    if not (match := _SUBJECT.fullmatch(text)):
        raise AdapterError("bad-subject", "write the subject as crn:…, noms:…, pnc:… or visor:…")
    scheme, value = Scheme(match[1]), match[2]
    if scheme in (Scheme.PNC, Scheme.CRO):
        value = value.replace("-", "/")
    return Subject(scheme, value)


_ROW = re.compile(r"/row/([0-9]{1,9})(?=/|$)")


@dataclass(frozen=True, slots=True)
class Item:
    """One payload of a push: its own bytes, and its subject where the batch names one.

    A payload cut out of a table has `rows`: which rows of the batch its own are, header first.
    """

    raw: bytes
    subject: Subject | None = None
    rows: tuple[int, ...] = ()

    def placed(self, pointer: str) -> str:
        """A pointer into this payload as one into its batch: `/row/2/…` may be `/row/70/…`."""
        if self.rows and (found := _ROW.match(pointer)):
            below = int(found[1]) - self.rows[0]
            if 0 < below < len(self.rows):
                return f"/row/{self.rows[below]}{pointer[found.end() :]}"
        return pointer


@dataclass(frozen=True, slots=True)
class MappedRecord:
    """A canonical record and where it came from.

    `source_ref` names the document in its own system: pushes with the same
    (person, kind, system, source_ref) are versions of one document. State that has one document
    per system (person, case team, registration) uses `current`. `written_at` is when the source
    says it was written (UTC, aware), or `None` where it does not say.
    """

    record: Record
    source_ref: str
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MappedPerson:
    """One person's share of a payload. `identifiers` hold all it names, valid or not.

    `merged` are identifiers that the source says it has merged into this person's: whoever asks
    for one is sent to this person.
    """

    identifiers: list[Identifier]
    records: list[MappedRecord]
    cautions: list[Caution] = field(default_factory=list)
    merged: list[Identifier] = field(default_factory=list)


class Adapter(Protocol):
    """One agency system, in both directions where it has both (`adapters.writing`: the way out)."""

    @property
    def system(self) -> str:
        """Name in `/v1/ingest/{system}`, in provenance and in policies."""

    @property
    def version(self) -> str:
        """Version of the mapping; kept with every record so that a replay can be told apart."""

    @property
    def media_types(self) -> Sequence[str]:
        """What the system sends, the usual form first. The bytes decide which of them they are."""

    @property
    def lines(self) -> Sequence[Line]:
        """Where each canonical field that the format holds has its place."""

    @property
    def exports(self) -> Sequence[Export]:
        """The forms in which a case is written out; none where the system is only read."""

    def split(self, raw: bytes) -> list[Item]:
        """One payload, or a batch cut into payloads with their own bytes. Raises `AdapterError`."""

    def read(self, raw: bytes, subject: Subject | None = None) -> Sequence[MappedPerson]:
        """Map one payload. Raises `AdapterError`, and nothing else, for what cannot be mapped."""


@runtime_checkable
class Streaming(Protocol):
    """What an adapter may have besides: a file of its own sort, of any length, cut while it is
    read. Files of JSON and XML are cut by the gateway; any other is one body without this."""

    def items(self, file: BinaryIO) -> Iterator[Item]:
        """As `Adapter.split`, from an open and seekable file at its start, the same each time: a
        load that was stopped counts payloads. Raises `AdapterError` where it cannot be read on."""


def identifier(
    scheme: Scheme, text: str, system: str, cautions: list[Caution], pointer: str
) -> Identifier:
    """An identifier in canonical spelling; a bad one as it came, unverified, with a caution."""
    if (spelling := canonical(scheme, text)) is not None:
        return Identifier(scheme=scheme, value=spelling, verified=True, system=system)
    cautions.append(Caution("unverified-identifier", pointer))
    return Identifier(scheme=scheme, value=text, verified=False, system=system)
