"""Predictors. Each tool and each generation is a score of its own; none is ever merged.

OASys and its interface name the same figures differently, so the mapping is a table: the tool,
what its figure spans, and where group, figure, band and static-or-dynamic stand.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from adapters.arms import ARMS
from adapters.reading import Node
from adapters.score_tables import member
from schemas.rosh import RiskScore


class Place(NamedTuple):
    """Where a score stands: its group, figure, band (`a|b` either, `a.b` inside, `../` beside)."""

    tool: str
    scale: str | None
    group: str
    score: str
    band: str | None = None
    static_or_dynamic: str | None = None
    calculated: str | None = None


_YEAR, _TWO = "1 year", "2 years"
_NEW = "newActuarialPredictors"
_RSR, _OSP = "RSR|rsr", "OSP|osp"
OASYS = (
    Place("OGRS3", _YEAR, "OGRS", "ogrs31Year"),
    Place("OGRS3", _TWO, "OGRS", "ogrs32Year", "ogrs3RiskRecon"),
    Place("OGP", _YEAR, "OGP", "ogp1Year"),
    Place("OGP", _TWO, "OGP", "ogp2Year", "ogpRisk"),
    Place("OVP", _YEAR, "OVP", "ovp1Year"),
    Place("OVP", _TWO, "OVP", "ovp2Year", "ovpRisk"),
    Place(
        "RSR",
        None,
        _RSR,
        "rsrPercentageScore",
        "scoreLevel|rsrScoreLevel|rsrRiskRecon.description",
        "rsrStaticOrDynamic",
    ),
    Place(
        "OSP/C",
        None,
        _OSP,
        "ospContactPercentageScore",
        "ospContactScoreLevel|ospContactRiskRecon.description",
    ),
    Place(
        "OSP/I",
        None,
        _OSP,
        "ospImagePercentageScore|ospIndecentPercentageScore",
        "ospImageScoreLevel|ospIndecentRiskRecon.description",
    ),
    Place("OSP/DC", None, _OSP, "ospDirectContactPercentageScore", "ospDirectContactScoreLevel"),
    Place(
        "OSP/IIC",
        None,
        _OSP,
        "ospIndirectImagesChildrenPercentageScore",
        "ospIndirectImagesChildrenScoreLevel",
    ),
    *(
        Place(tool, _TWO, _NEW, f"{key}Yr2", f"{band}Band", kind, f"{key}Calculated")
        for tool, key, band, kind in (
            ("OGRS4/G", "ogrs4g", "ogrs4g", None),
            ("OGRS4/V", "ogrs4v", "ogrs4v", None),
            ("OGP2", "ogp2", "ogp2", None),
            ("OVP2", "ovp2", "ovp2", None),
            ("SNSV", "snsvStatic", "snsvStaticYr2", "=STATIC"),
            ("SNSV", "snsvDynamic", "snsvDynamicYr2", "=DYNAMIC"),
        )
    ),
    *(Place(ARMS.tool, one.scale, "ARMS", "", member(one.band)) for one in ARMS.results),
)
"""ARMS content, which OASys holds since 2020, is in no public description of its answers: it is
taken in the group `ARMS`, with the members of our own form (`adapters.arms`)."""
NEEDS_CALCULATION = (
    Place("RSR", None, "rsrOspData", "rsrPercentageScore"),
    *(
        Place(tool, None, "rsrOspData", "", f"osp{key}ScoreLevel")
        for tool, key in (("OSP/CDC", "Cdc"), ("OSP/IIIC", "Iiic"))
    ),
)
"""Of the programme needs calculation. It does not say of which generation its OSP is, so the
tools keep the calculation's own names."""
INDICATORS = (
    Place("OGRS3", _YEAR, "furtherInformation", "ogrs1Year"),
    Place("OGRS3", _TWO, "furtherInformation", "ogrs2Year", "../ogpOvp.ogrs3RiskRecon"),
    *(
        Place(tool, span, "ogpOvp", f"{tool.lower()}{year}Year", band, None, f"!{tool.lower()}NC")
        for tool in ("OGP", "OVP")
        for span, year, band in ((_YEAR, 1, None), (_TWO, 2, f"{tool.lower()}Risk"))
    ),
    *(
        Place(tool, None, "", "", f"osp{key}Risk")
        for tool, key in (("OSP/C", "C"), ("OSP/I", "I"), ("OSP/DC", "DC"), ("OSP/IIC", "IIC"))
    ),
)
"""The summary indicators, and the words for OSP in the offending history."""
OLDER = (
    Place("OGRS3", _YEAR, "ogr3", "ogrs3_1Year"),
    Place("OGRS3", _TWO, "ogr3", "ogrs3_2Year", "reconvictionRisk.description"),
    *(
        Place(tool, span, key, f"{key}{year}Year", band)
        for tool, key in (("OGP", "ogp"), ("OVP", "ovp"))
        for span, year, band in ((_YEAR, 1, None), (_TWO, 2, f"{key}Risk.description"))
    ),
)
"""The groups of the interface before ARNS; its RSR and OSP are those of `OASYS`."""
ARNS = (
    Place("OGRS3", _YEAR, "groupReconvictionScore", "oneYear"),
    Place("OGRS3", _TWO, "groupReconvictionScore", "twoYears", "scoreLevel"),
    Place("OGP", _YEAR, "generalPredictorScore", "ogp1Year"),
    Place("OGP", _TWO, "generalPredictorScore", "ogp2Year", "ogpRisk"),
    Place("OVP", _YEAR, "violencePredictorScore", "oneYear"),
    Place("OVP", _TWO, "violencePredictorScore", "twoYears", "ovpRisk"),
    Place(
        "RSR",
        None,
        "riskOfSeriousRecidivismScore",
        "percentageScore",
        "scoreLevel",
        "staticOrDynamic",
    ),
    *(
        Place(tool, None, "sexualPredictorScore", f"osp{key}PercentageScore", f"osp{key}ScoreLevel")
        for tool, key in (
            ("OSP/C", "Contact"),
            ("OSP/I", "Indecent"),
            ("OSP/DC", "DirectContact"),
            ("OSP/IIC", "IndirectImage"),
        )
    ),
    *(
        Place(tool, None, key, "score", "band", "staticOrDynamic")
        for tool, key in (
            ("ARP", "allReoffendingPredictor"),
            ("VRP", "violentReoffendingPredictor"),
            ("SVRP", "seriousViolentReoffendingPredictor"),
            ("DC-SRP", "directContactSexualReoffendingPredictor"),
            ("IIC-SRP", "indirectImageContactSexualReoffendingPredictor"),
            ("CSRP", "combinedSeriousReoffendingPredictor"),
        )
    ),
)
FLAT = tuple(
    Place(tool, None, "", f"{key}PercentageScore", f"{key}ScoreLevel", kind)
    for tool, key, kind in (
        ("RSR", "rsr", "staticOrDynamic"),
        ("OSP/C", "ospc", None),
        ("OSP/I", "ospi", None),
        ("OSP/DC", "ospdc", None),
        ("OSP/IIC", "ospii", None),
    )
)
"""The history of RSR names no groups."""


def has_scores(node: Node, table: Iterable[Place]) -> bool:
    """Whether `node` has any of the groups (or, without groups, the figures) of `table`."""
    fields = (at.group or at.score or at.band or "" for at in table)
    return any(node.has(one) for field in fields for one in field.split("|"))


def scores(node: Node, table: Iterable[Place], assessed_on: date | None) -> list[RiskScore]:
    """Every score that has a figure or a band; a null one was not calculated."""
    return list(_scores(node, table, assessed_on))


def _scores(node: Node, table: Iterable[Place], assessed_on: date | None) -> Iterator[RiskScore]:
    for at in table:
        group = node.first(*at.group.split("|")) if at.group else node
        if not group and "../" not in at.score and "../" not in (at.band or ""):
            continue
        score = _at(node, group, at.score).number() if at.score else None
        band = (_at(node, group, at.band).text() or "").strip() or None if at.band else None
        if score is None and band is None:
            continue
        if at.calculated and not _calculated(group, at.calculated):
            continue
        yield RiskScore(
            tool=at.tool,
            scale=at.scale,
            score=score,
            band=band,
            static_or_dynamic=_kind(group, at.static_or_dynamic),
            assessed_on=assessed_on,
        )


def _at(node: Node, group: Node, names: str) -> Node:
    """The first of `a|b.c|../d` that holds a value: fields of the group, or of its parent."""
    spelled = names.split("|")
    found = (_walk(node, n[3:]) if n.startswith("../") else _walk(group, n) for n in spelled)
    return next(filter(None, found), group[spelled[0]])


def _walk(node: Node, path: str) -> Node:
    for step in path.split("."):
        node = node[step]
    return node


def _calculated(group: Node, name: str) -> bool:
    """A figure beside a flag that denies it (`!`: says *not calculated*) is a contradiction."""
    flag = group[name.removeprefix("!")]
    if flag.flag() is not name.startswith("!"):
        return True
    flag.warn("contradiction")
    return False


def _kind(group: Node, name: str | None) -> str | None:
    if name is None or name.startswith("="):
        return name[1:] if name else None
    return group[name].text()
