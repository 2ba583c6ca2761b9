"""Leaf and line of an entry in the form that the gateway writes, without parsing it.

A log must not take in what its verifier would refuse, and parsing every entry was half the price
of taking it in. One expression knows the usual form: ASCII, names in their canonical order, and
nothing escaped but the quotes of the line. Whatever it does not accept is parsed. The verifier
does not use this.
"""

import binascii
import hashlib
import re

from audit.entry import LEAF_VERSION, Entry

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


_MEMBERS = ",".join(_member(name) for name in sorted(Entry.__annotations__))
_USUAL = re.compile(rf"\{{{_MEMBERS}\}}".encode())
_LEAF = b'{"agency":"%%b","digest":"%%b","id":"%%b","time":"%%b","v":%d}' % LEAF_VERSION
_LINE = b'{"entry":"%b","salt":"%b"}\n'


def usual_forms(
    entry_id: str, time: str, agency: str, salt: bytes, sealed: bytes
) -> tuple[bytes, bytes] | None:
    """What `leaf` and `line` of a sealed entry give; None where it must be parsed to know."""
    if not sealed.isascii() or len(sealed.translate(None, _SPECIAL)) != len(sealed):
        return None
    found = _USUAL.fullmatch(sealed)
    if found is None:
        return None
    its_id, its_time, its_agency = found.group("id", "time", "agency")
    if (its_id.decode(), its_time.decode(), its_agency.decode()) != (entry_id, time, agency):
        return None
    digest = hashlib.sha256(salt + sealed).hexdigest().encode()
    leaf = _LEAF % (its_agency, digest, its_id, its_time)
    quoted = sealed.replace(b'"', b'\\"')
    return leaf, _LINE % (quoted, binascii.b2a_base64(salt, newline=False))
