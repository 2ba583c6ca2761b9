"""XML too long to be held: each child of the root is a payload of its own, as in a push."""

from collections.abc import Iterator
from typing import IO

from lxml import etree

from gateway.load.errors import LoadError


def children(file: IO[bytes], longest: int) -> Iterator[bytes]:
    """Each child of the root, written out with the namespaces it needs.

    Raises `LoadError`: not well-formed, a document type, text between the children (it would be
    lost), a child of more than `longest` bytes.
    """
    parsing = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from _children(file, parsing, longest)
    except etree.XMLSyntaxError as error:
        raise LoadError(
            f"it is not well-formed XML in line {error.lineno}; what comes before is loaded: mend"
            " the file and load it again, what is known already changes nothing"
        ) from None


def _children(file: IO[bytes], parsing: etree.iterparse, longest: int) -> Iterator[bytes]:
    depth, since = 0, 0
    for event, element in parsing:
        if event == "start":
            depth += 1
            if depth == 1 and element.getroottree().docinfo.doctype:
                raise LoadError("it has a document type declaration: leave that out")
            if file.tell() - since > longest + (1 << 16):
                raise LoadError(f"a child of its root is longer than {longest} bytes")
            continue
        depth -= 1
        if depth == 1:
            yield etree.tostring(element, encoding="UTF-8", with_tail=False)
            since = file.tell()
            _forget(element)
        elif depth == 0:
            _refuse_text(element.text)
            _refuse_text(element[-1].tail if len(element) else None)


def _forget(child: etree._Element) -> None:
    """Let go of what was read. The parser is ahead of us: only what comes before is complete."""
    root, before = child.getparent(), child.getprevious()
    while root is not None and before is not None:
        _refuse_text(before.tail)
        root.remove(before)
        before = child.getprevious()
    del child[:]


def _refuse_text(text: str | None) -> None:
    if (text or "").strip():
        raise LoadError("there is text between the children of its root")
