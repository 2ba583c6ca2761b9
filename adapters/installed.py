"""Adapters that others have written, found by their entry points and looked at before use."""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint
from typing import Any

from adapters.base import Adapter
from adapters.fields import leaves
from schemas import RECORDS

GROUP = "mappa_gateway.adapters"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_PARTS = ("version", "media_types", "lines", "exports", "split", "read")


class AdapterPackageError(ImportError):
    """An installed adapter cannot be used. The message says which, whose, and what to mend."""


def with_installed(house: Mapping[str, Adapter], found: Iterable[EntryPoint]) -> dict[str, Adapter]:
    """The adapters of the house and the installed ones.

    Raises `AdapterPackageError` for one that cannot be loaded, is no adapter, or takes the name of
    another: a gateway that left it out would turn its agency's pushes away, and one that let it
    replace another would map that agency's payloads anew, unseen.
    """
    adapters = dict(house)
    for entry in found:
        adapter = _loaded(entry)
        if entry.name in adapters:
            raise _unusable(entry, "there is another adapter of that name")
        adapters[entry.name] = adapter
    return adapters


def _loaded(entry: EntryPoint) -> Adapter:
    try:
        adapter: Any = entry.load()
    except Exception as error:
        raise _unusable(entry, f"it does not load ({type(error).__name__}: {error})") from error
    if missing := [part for part in _PARTS if not hasattr(adapter, part)]:
        raise _unusable(entry, f"it is no adapter: it lacks {', '.join(missing)}")
    if not _NAME.fullmatch(entry.name) or getattr(adapter, "system", None) != entry.name:
        raise _unusable(entry, "entry point and `system` must be the same name: a-z, 0-9, _")
    unknown = sorted(
        f"{line.kind}.{line.field}"
        for line in adapter.lines
        if line.kind not in RECORDS or line.field not in leaves(RECORDS[line.kind])
    )
    if unknown:
        raise _unusable(entry, f"its lines name fields that no record has: {', '.join(unknown)}")
    checked: Adapter = adapter
    return checked


def _unusable(entry: EntryPoint, why: str) -> AdapterPackageError:
    whose = f" of the package {entry.dist.name}" if entry.dist else ""
    return AdapterPackageError(
        f"the installed adapter {entry.name}{whose} cannot be used: {why}. "
        "Mend or uninstall it; the gateway does not start without it."
    )
