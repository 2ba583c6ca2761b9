"""A file of whatever sort as a stream of payloads, each read once and none kept."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from adapters.base import Adapter, AdapterError, Item, Streaming
from gateway.load import archive, json_stream, rejects, xml_stream
from gateway.load.errors import LoadError

LINES = (".ndjson", ".jsonl")


@dataclass(frozen=True, slots=True)
class Payload:
    """One payload, or what could not even be cut into one. `member` counts within a zip file;
    `kept` is the quarantine id of one that was refused before and is loaded again."""

    item: Item
    error: AdapterError | None = None
    member: int = 0
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class Cutter:
    """How files of one system are cut: the same file always into the same payloads.

    No payload is longer than `longest` bytes.
    """

    adapter: Adapter
    longest: int

    def payloads(self, file: IO[bytes], name: str) -> Iterator[Payload]:
        """Every payload of an open, seekable file. Raises `LoadError` and, for a table that
        cannot be read on, `AdapterError`; for a member of a zip file, neither."""
        if _starts(file) != archive.SIGNATURE:
            yield from self._of_file(file, name)
            return
        size = file.seek(0, io.SEEK_END)
        with archive.opened(file) as packed:
            if archive.DOCX in packed.namelist():
                yield from self._whole(file)
                return
            for number, member in enumerate(archive.members(packed, size), 1):
                for one in self._of_member(packed, member, number):
                    yield replace(one, member=number)

    def _of_member(self, packed: ZipFile, member: ZipInfo, number: int) -> Iterator[Payload]:
        """Where it cannot be cut any further, it is refused, whole if it is not too long for that:
        the members after it must not wait until somebody has mended it."""
        try:
            with archive.member(packed, member) as file:
                yield from self._of_opened(file, member.filename)
        except (LoadError, AdapterError) as error:
            code, pointer, detail = "bad-member", "", str(error)
            if isinstance(error, AdapterError):
                code, pointer, detail = error.code, error.pointer, error.detail
            detail = f"member {number} of the zip file: {detail}"
            yield Payload(Item(self._held(packed, member)), AdapterError(code, detail, pointer))

    def _held(self, packed: ZipFile, member: ZipInfo) -> bytes:
        """All of a member; nothing where that is too long or cannot be read."""
        try:
            with archive.member(packed, member) as file:
                return json_stream.whole(file, self.longest)
        except LoadError:
            return b""

    def _of_opened(self, file: IO[bytes], name: str) -> Iterator[Payload]:
        if _starts(file) != archive.SIGNATURE:
            return self._of_file(file, name)
        inner = io.BytesIO(json_stream.whole(file, self.longest))
        with archive.opened(inner) as packed:
            if archive.DOCX not in packed.namelist():
                raise LoadError("there is a zip file in the zip file: unpack the outer one first")
        return self._whole(inner)

    def _of_file(self, file: IO[bytes], name: str) -> Iterator[Payload]:
        opening = _opening(file)
        lines = PurePath(name).suffix.lower() in LINES
        if opening == b"[" and not lines and (rows := self._one_list(file)):
            yield Payload(Item(rows))
        elif lines or opening in (b"[", b"{"):
            for raw in json_stream.payloads(file, lines=lines, longest=self.longest):
                yield from self._cut(raw)
        elif opening == b"<" and _longer(file, self.longest):
            for raw in xml_stream.children(file, self.longest):
                yield from self._cut(raw)
        elif opening != b"<" and isinstance(self.adapter, Streaming):
            for item in self.adapter.items(cast(BinaryIO, file)):
                yield Payload(item)
        else:
            yield from self._whole(file)

    def _one_list(self, file: IO[bytes]) -> bytes | None:
        """A list that the adapter takes for one payload: rows of one record, and no batch.

        Raises `LoadError` for one that is too long to be a payload.
        """
        if not _longer(file, self.longest):
            raw = file.read()
            file.seek(0)
            return raw if self._is_one(raw) else None
        payloads = json_stream.payloads(file, lines=False, longest=self.longest)
        row = next(payloads)
        file.seek(0)
        if self._is_one(b"[%b,%b]" % (row, row)):
            raise LoadError("its rows make one record, and are too many for one: cut it by person")
        return None

    def _is_one(self, raw: bytes) -> bool:
        try:
            items = self.adapter.split(raw)
        except AdapterError:
            return False
        return [item.raw for item in items] == [raw]

    def _whole(self, file: IO[bytes]) -> Iterator[Payload]:
        file.seek(0)
        yield from self._cut(json_stream.whole(file, self.longest))

    def _cut(self, raw: bytes) -> Iterator[Payload]:
        """What was refused may be a whole member, and is cut again after it was mended."""
        whole, kept = Item(raw), None
        try:
            if again := rejects.read(raw):
                whole, kept = again
            items = self.adapter.split(whole.raw)
        except AdapterError as error:
            yield Payload(whole, error, kept=kept)
        else:
            for one in items:
                yield Payload(replace(one, subject=one.subject or whole.subject), kept=kept)


def _starts(file: IO[bytes]) -> bytes:
    start = file.read(len(archive.SIGNATURE))
    file.seek(0)
    return start


def _opening(file: IO[bytes]) -> bytes:
    """The first byte that is neither a blank nor part of a mark."""
    head = file.read(4096).removeprefix(json_stream.MARK).lstrip()
    file.seek(0)
    return head[:1]


def _longer(file: IO[bytes], longest: int) -> bool:
    """Whether there are more bytes than `longest`, of which few are held at a time."""
    count = 0
    while count <= longest and (part := file.read(1 << 16)):
        count += len(part)
    file.seek(0)
    return count > longest
