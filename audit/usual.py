"""Reading id, time and agency of an entry in the form that the gateway writes, without parsing it.

A log must not take in what its verifier would refuse, and parsing every entry was half the price
of taking it in. One expression accepts the usual form, names in their canonical order and nothing
escaped; whatever it does not accept is parsed.
"""

import re

from audit.entry import Entry

_STRING = '"[^"]*+"'
_NUMBER = "(?:0|[1-9][0-9]{0,14}+)"
_MEMBER = f"{_STRING}:(?:{_STRING}|{_NUMBER})"
_ITEM = rf"(?:{_STRING}|\{{{_MEMBER}(?:,{_MEMBER})*+\}})"
_VALUE = rf"(?:{_STRING}|null|{_NUMBER}|\[(?:{_ITEM}(?:,{_ITEM})*+)?+\])"
_SPECIAL = bytes(range(0x20)) + b"\\"
"""What JSON does not allow in a string, or gives a meaning to: one is enough to parse instead."""


def _member(name: str) -> str:
    value = f'"(?P<{name}>[^"]*+)"' if name in ("id", "time", "agency") else _VALUE
    return f'"{name}":{value}'


_USUAL = re.compile(rf"\{{{','.join(_member(name) for name in sorted(Entry.__annotations__))}\}}")


def usual_identity(sealed: bytes, text: str) -> tuple[str, str, str] | None:
    """Id, time and agency of an entry in the usual form, which then is JSON; None for others.

    `text` is `sealed`, decoded.
    """
    if len(sealed.translate(None, _SPECIAL)) != len(sealed):
        return None
    found = _USUAL.fullmatch(text)
    return found.group("id", "time", "agency") if found else None  # type: ignore[return-value]
