"""How one element of the police form carries one canonical field, in both directions."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from pydantic.alias_generators import to_camel

NAMESPACE = "urn:mappa-gateway:visor:1"

_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Form(Enum):
    """How the text of an element is read and written."""

    TEXT = auto()
    WORD = auto()  # text that is needed even where it looks like a placeholder
    DAY = auto()
    TIME = auto()
    NUMBER = auto()
    FLAG = auto()
    CATEGORY = auto()  # CATEGORY, LEVEL and ROSH: the canonical value as text, and in the
    LEVEL = auto()  # attribute `code` the source's own word where it has one
    ROSH = auto()
    ENTRIES = auto()  # repeated `<tag name="…">text</tag>`, a mapping
    PARTS = auto()  # an element that holds elements


CODED = frozenset({Form.CATEGORY, Form.LEVEL, Form.ROSH})


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag, the canonical field `key` (camelCase), and what stands inside.

    `answer` marks what only the gateway's answers hold; inbound it is left with a caution.
    """

    tag: str
    key: str
    form: Form = Form.TEXT
    many: bool = False
    answer: bool = False
    parts: "tuple[Element, ...]" = ()


def one(tag: str, form: Form = Form.TEXT, key: str = "", *, answer: bool = False) -> Element:
    """An element that occurs at most once; its field has the same name unless `key` is given."""
    return Element(tag, key or to_camel(tag.replace("-", "_")), form, answer=answer)


def some(*tags: str, form: Form = Form.TEXT) -> tuple[Element, ...]:
    """Several elements of one form, each at most once."""
    return tuple(one(tag, form) for tag in tags)


def group(tag: str, parts: tuple[Element, ...], key: str = "") -> Element:
    """An element that holds elements, at most once."""
    return Element(tag, key or to_camel(tag.replace("-", "_")), Form.PARTS, parts=parts)


def many(tag: str, key: str, parts: tuple[Element, ...] = (), *, answer: bool = False) -> Element:
    """A repeated element: a list of texts, or of parts."""
    form = Form.PARTS if parts else Form.TEXT
    return Element(tag, key, form, many=True, answer=answer, parts=parts)


def carried(text: str) -> str:
    r"""Text as XML 1.0 can carry it: `\r\n` and `\r` become `\n`, and a character that XML 1.0
    has no place for (controls, surrogates, U+FFFE) becomes U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
