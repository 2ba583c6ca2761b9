"""What the register says of risk: the levels, the nominal type, RM2000 and ARMS."""

from typing import Any

from adapters.rosh_levels import check_overall
from adapters.visor import elements
from adapters.visor.walk import Place
from schemas.rosh import Rosh

NOMINAL_TYPES = frozenset(
    {
        "REGISTERABLE_SEXUAL",
        "OTHER_SEXUAL",
        "VIOLENT",
        "REGISTERABLE_TERRORIST",
        "DANGEROUS",
        "POTENTIALLY_DANGEROUS",
    }
)
RM2000_SCALES = frozenset({"S", "V", "C"})
_SETTINGS = {"inCommunity": "in-community", "inCustody": "in-custody"}


def read_rosh(nominal: Place) -> Rosh | None:
    """The nominal type as a flag, levels and scores; `None` where the register states none.

    A group level the gateway does not know has no place among the levels. It is kept verbatim
    as a flag that names the group, because a dropped level would read as *not assessed*.
    """
    types, place = _nominal_type(nominal), nominal.child("rosh")
    if place is None:
        return Rosh.model_validate({"flags": types}) if types else None
    values = place.read(elements.ROSH)
    unknown = [
        flag
        for key, tag in _SETTINGS.items()
        if key in values
        for flag in _unknown_levels(values[key], tag)
    ]
    values["flags"] = [*types, *values.get("flags", []), *unknown]
    values["scores"] = [{"tool": ""} | score for score in values.get("scores", [])]
    for one in place.children("score"):
        _check_scale(one)
    rosh = Rosh.model_validate(values)
    check_overall(place.node, rosh.overall, rosh.in_community, rosh.in_custody)
    return rosh


def _nominal_type(nominal: Place) -> list[dict[str, Any]]:
    place = nominal.child("type")
    if place is None or (code := place.node.text()) is None:
        return []
    if code not in NOMINAL_TYPES:
        place.node.warn("unknown-code")
    return [{"code": code, "description": "ViSOR nominal type"}]


def _unknown_levels(groups: dict[str, Any], setting: str) -> list[dict[str, Any]]:
    """Takes the source's words out of `groups` (its model has levels only)."""
    words = {key.removesuffix("Code"): groups.pop(key) for key in [*groups] if key.endswith("Code")}
    return [
        {"level": word, "description": f"level as received: {group}, {setting}"}
        for group, word in words.items()
        if group not in groups
    ]


def _check_scale(score: Place) -> None:
    tool, scale = score.child("tool"), score.child("scale")
    if tool and scale and tool.node.value == "RM2000" and scale.node.value not in RM2000_SCALES:
        scale.node.warn("unknown-code")
