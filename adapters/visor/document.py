"""From bytes to a checked XML tree: no entities, no network, no document type, our own schema.

`nominal.xsd` is the gateway's own published form; the real ViSOR schema is not public.
"""

import re
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

from adapters.base import AdapterError
from adapters.visor.form import NAMESPACE

SCHEMA_FILE = Path(__file__).with_name("nominal.xsd")
NOMINAL = f"{{{NAMESPACE}}}nominal"
NOMINALS = f"{{{NAMESPACE}}}nominals"

_DOCTYPE = re.compile(r"\s*+(?><\?(?>.*?\?>)\s*+|<!--(?>.*?-->)\s*+)*+<!DOCTYPE", re.DOTALL)
_KNOWN = frozenset(re.findall(r'name="([^"]+)"', SCHEMA_FILE.read_text("utf-8")))
_SCHEMA = etree.XMLSchema(etree.parse(str(SCHEMA_FILE)))
_TURN = Lock()  # a schema object keeps the errors of its last check: one check at a time


def parse(raw: bytes) -> etree._Element:
    """The root of a well-formed document. Raises `AdapterError`: `not-utf-8`, `doctype` or
    `not-xml` (which also covers nesting and text beyond libxml2's own limits)."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AdapterError("not-utf-8", "send UTF-8") from None
    if _DOCTYPE.match(text):
        raise AdapterError("doctype", "leave the document type declaration out")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        raise AdapterError("not-xml", "the payload is not well-formed XML") from None


def check(root: etree._Element) -> None:
    """Raises `AdapterError` (`schema`) with the path of the first element that breaks it."""
    with _TURN:
        if _SCHEMA.validate(root):
            return
        log: Any = _SCHEMA.error_log
        kind, path = str(log[0].type_name), str(log[0].path)
    raise AdapterError("schema", _expected(kind), _place(root, path))


def _place(root: etree._Element, path: str) -> str:
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found: Any = root.getroottree().xpath(path, namespaces=prefixes)
    except etree.XPathError:  # the path uses a prefix declared further down
        return pointer(root)
    return pointer(found[0])


def _expected(kind: str) -> str:
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        return "nominal.xsd does not allow this element here; mind the order of elements"
    if kind.startswith("SCHEMAV_CVC_COMPLEX_TYPE"):
        return "nominal.xsd asks for other attributes or no text on this element"
    if kind == "SCHEMAV_CVC_ELT_1":
        return "the root must be nominal or nominals in urn:mappa-gateway:visor:1"
    return "nominal.xsd asks for another kind of value here"


def pointer(element: etree._Element) -> str:
    """`/nominal/person/address[2]`: a path of names from the schema; any other name is `*`."""
    steps = [_step(element), *(_step(above) for above in element.iterancestors())]
    return "".join(reversed(steps))


def _step(element: etree._Element) -> str:
    name = etree.QName(element).localname
    rank = 1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    return f"/{name if name in _KNOWN else '*'}" + (f"[{rank}]" if rank > 1 else "")
