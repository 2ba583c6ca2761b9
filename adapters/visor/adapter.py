"""The `visor` adapter: bytes to nominals to canonical records."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from adapters.base import AdapterError, Item, MappedPerson, Subject
from adapters.json_adapter import apart
from adapters.reading import Node
from adapters.visor.document import NOMINAL, NOMINALS, check, parse
from adapters.visor.mapping import LINES
from adapters.visor.nominal import SYSTEM, read_nominal
from adapters.visor.walk import Place
from adapters.visor.write import SECTIONS, write
from adapters.writing import Export, Line

VISOR_XML = "application/vnd.mappa.visor+xml"
_KINDS = tuple(kind for kind, _, _ in SECTIONS)
NOMINAL_XML = Export("nominal.xml", VISOR_XML, _KINDS, write, alone=True)


@dataclass(frozen=True, slots=True)
class VisorAdapter:
    """An `adapters.base.Adapter`; `nominal.xml` is the police form of a whole case."""

    system: str = SYSTEM
    version: str = "1"
    media_types: Sequence[str] = ("application/xml",)
    lines: Sequence[Line] = LINES
    exports: Sequence[Export] = (NOMINAL_XML,)

    def split(self, raw: bytes) -> list[Item]:
        """One `nominal` with its bytes unchanged, or each child of `nominals` written out alone.

        A child needs the namespaces of its batch, so its bytes are the element as serialised
        again. A child that breaks the schema fails on its own later, not the batch. Raises
        `AdapterError`, also for text between nominals, which would be lost.
        """
        root = parse(raw)
        if root.tag != NOMINALS:
            return [Item(raw)]
        if not len(root):
            raise AdapterError("empty-batch", "the batch holds no nominal")
        if any((text or "").strip() for text in (root.text, *(one.tail for one in root))):
            raise AdapterError("schema", "a batch holds nominals and no text", "/nominals")
        return [Item(etree.tostring(one, encoding="UTF-8", with_tail=False)) for one in root]

    def read(self, raw: bytes, subject: Subject | None = None) -> Sequence[MappedPerson]:
        """Map one payload (or every nominal of a batch). Raises `AdapterError`."""
        root = parse(raw)
        check(root)
        if root.tag == NOMINAL:
            return [read_nominal(Place(root, Node(None, "/nominal", [])), subject)]
        batch = Place(root, Node(None, "/nominals", []))
        return [
            read_nominal(Place(one.element, apart(one.node)), subject)
            for one in batch.children("nominal")
        ]


ADAPTER = VisorAdapter()
