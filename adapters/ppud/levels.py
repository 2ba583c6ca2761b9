"""MAPPA levels in PPUD's words, which each sentence has. A category it does not have.

The words vary in case and dash (`Level 2 – Local Inter-Agency Management` is chosen from a list
that writes a hyphen and small letters). `TB Level 4` is no level.
"""

import re
from collections.abc import Sequence

from adapters.reading import Node
from schemas.mappa import Level, MappaRegistration, MappaView

LEVELS: dict[str, Level] = {
    "level 1 - single agency management": 1,
    "level 2 - local inter-agency management": 2,
    "level 3 - mappp": 3,
    "level 1": 1,
    "level 2": 2,
    "level 3": 3,
}
NOT_KNOWN = frozenset({"not applicable", "not known", "not given on part a"})
"""Three ways of not knowing."""
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*(?!agency)", re.IGNORECASE)
_INNER_DASH = re.compile(r"[\u2010-\u2015\u2212]")


def _plain(text: str) -> str:
    words = _INNER_DASH.sub("-", _DASH.sub(" - ", text))
    return " ".join(words.casefold().split())


def registration(node: Node, sentences: Sequence[Node]) -> MappaRegistration | None:
    """The level that all sentences share. Where they differ each is shown, and none is chosen;
    a word that is no level stands as it came."""
    said = [row["mappaLevel"] for row in sentences if (row["mappaLevel"].text() or "").strip()]
    stated: dict[Level, str] = {}
    other: list[str] = []
    for one in said:
        text = one.text() or ""
        if level := LEVELS.get(_plain(text)):
            stated.setdefault(level, text)
            continue
        other.append(text)
        one.warn("not-yet-determined" if _plain(text) in NOT_KNOWN else "unknown-code")
    if len(stated) > 1:
        node.warn("contradiction")
        views = [MappaView(system="ppud", level=level) for level in sorted(stated)]
        return MappaRegistration(disagreements=views)
    for level, text in stated.items():
        return MappaRegistration(level=level, level_code=text)
    return MappaRegistration(level_code=other[0]) if other else None
