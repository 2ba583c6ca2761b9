"""Predictors. Each tool and each generation is a score of its own; none is ever merged.

OASys and its interface name the same figures differently, so the mapping is a table: the tool,
what its figure spans, and where group, figure, band and static-or-dynamic stand.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from adapters.reading import Node
from schemas.rosh import RiskScore


class _At(NamedTuple):
    tool: str
    scale: str | None
    group: str
    score: str
    band: str | None = None
    static_or_dynamic: str | None = None
    calculated: str | None = None


_YEAR, _TWO = "1 year", "2 years"
_NEW = "newActuarialPredictors"
OASYS = (
    _At("OGRS3", _YEAR, "OGRS", "ogrs31Year"),
    _At("OGRS3", _TWO, "OGRS", "ogrs32Year", "ogrs3RiskRecon"),
    _At("OGP", _YEAR, "OGP", "ogp1Year"),
    _At("OGP", _TWO, "OGP", "ogp2Year", "ogpRisk"),
    _At("OVP", _YEAR, "OVP", "ovp1Year"),
    _At("OVP", _TWO, "OVP", "ovp2Year", "ovpRisk"),
    _At("RSR", None, "RSR", "rsrPercentageScore", "scoreLevel|rsrScoreLevel", "rsrStaticOrDynamic"),
    _At("OSP/C", None, "OSP", "ospContactPercentageScore", "ospContactScoreLevel"),
    _At("OSP/I", None, "OSP", "ospImagePercentageScore", "ospImageScoreLevel"),
    _At("OSP/DC", None, "OSP", "ospDirectContactPercentageScore", "ospDirectContactScoreLevel"),
    _At(
        "OSP/IIC",
        None,
        "OSP",
        "ospIndirectImagesChildrenPercentageScore",
        "ospIndirectImagesChildrenScoreLevel",
    ),
    *(
        _At(tool, _TWO, _NEW, f"{key}Yr2", f"{band}Band", kind, f"{key}Calculated")
        for tool, key, band, kind in (
            ("OGRS4/G", "ogrs4g", "ogrs4g", None),
            ("OGRS4/V", "ogrs4v", "ogrs4v", None),
            ("OGP2", "ogp2", "ogp2", None),
            ("OVP2", "ovp2", "ovp2", None),
            ("SNSV", "snsvStatic", "snsvStaticYr2", "=STATIC"),
            ("SNSV", "snsvDynamic", "snsvDynamicYr2", "=DYNAMIC"),
        )
    ),
)  # fmt: skip
ARNS = (
    _At("OGRS3", _YEAR, "groupReconvictionScore", "oneYear"),
    _At("OGRS3", _TWO, "groupReconvictionScore", "twoYears", "scoreLevel"),
    _At("OGP", _YEAR, "generalPredictorScore", "ogp1Year"),
    _At("OGP", _TWO, "generalPredictorScore", "ogp2Year", "ogpRisk"),
    _At("OVP", _YEAR, "violencePredictorScore", "oneYear"),
    _At("OVP", _TWO, "violencePredictorScore", "twoYears", "ovpRisk"),
    _At(
        "RSR",
        None,
        "riskOfSeriousRecidivismScore",
        "percentageScore",
        "scoreLevel",
        "staticOrDynamic",
    ),
    *(
        _At(tool, None, "sexualPredictorScore", f"osp{key}PercentageScore", f"osp{key}ScoreLevel")
        for tool, key in (
            ("OSP/C", "Contact"),
            ("OSP/I", "Indecent"),
            ("OSP/DC", "DirectContact"),
            ("OSP/IIC", "IndirectImage"),
        )
    ),
    *(
        _At(tool, None, key, "score", "band", "staticOrDynamic")
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
    _At(tool, None, "", f"{key}PercentageScore", f"{key}ScoreLevel", kind)
    for tool, key, kind in (
        ("RSR", "rsr", "staticOrDynamic"),
        ("OSP/C", "ospc", None),
        ("OSP/I", "ospi", None),
        ("OSP/DC", "ospdc", None),
        ("OSP/IIC", "ospii", None),
    )
)
"""The history of RSR names no groups."""


def has_scores(node: Node, table: Iterable[_At]) -> bool:
    """Whether `node` has any of the groups (or, without groups, the figures) of `table`."""
    return any(node.has(at.group or at.score) for at in table)


def scores(node: Node, table: Iterable[_At], assessed_on: date | None) -> list[RiskScore]:
    """Every score that has a figure or a band; a null one was not calculated."""
    return list(_scores(node, table, assessed_on))


def _scores(node: Node, table: Iterable[_At], assessed_on: date | None) -> Iterator[RiskScore]:
    for at in table:
        group = node[at.group] if at.group else node
        score, band = group[at.score].number(), _band(group, at.band)
        if score is None and band is None:
            continue
        if at.calculated and group[at.calculated].flag() is False:
            group[at.calculated].warn("contradiction")
            continue
        yield RiskScore(
            tool=at.tool,
            scale=at.scale,
            score=score,
            band=band,
            static_or_dynamic=_kind(group, at.static_or_dynamic),
            assessed_on=assessed_on,
        )


def _band(group: Node, names: str | None) -> str | None:
    return group.first(*names.split("|")).text() if names else None


def _kind(group: Node, name: str | None) -> str | None:
    if name is None or name.startswith("="):
        return name[1:] if name else None
    return group[name].text()
