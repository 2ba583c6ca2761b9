"""Criminogenic needs, of OASys's own sections and of strengths and needs (SAN).

A threshold or score of null was not scored. Some answers give only what a need is linked to, and
some only a weighted score; ARNS gives a need the name that is used for all of them.
"""

from collections.abc import Iterator
from functools import lru_cache

from adapters.json_adapter import objects
from adapters.oasys.words import answer
from adapters.reading import Node
from schemas.rosh import Need

OASYS, SAN = "OASys", "SAN"
_FINANCE = "FINANCE"
_LIFESTYLE = "LIFESTYLE_AND_ASSOCIATES"
SECTIONS = {
    "acc": "ACCOMMODATION",
    "eTE": "EDUCATION_TRAINING_AND_EMPLOYABILITY",
    "finance": _FINANCE,
    "rel": "RELATIONSHIPS",
    "lifestyle": _LIFESTYLE,
    "drug": "DRUG_MISUSE",
    "alcohol": "ALCOHOL_MISUSE",
    "emo": "EMOTIONAL_WELLBEING",
    "think": "THINKING_AND_BEHAVIOUR",
    "att": "ATTITUDE",
}
SAN_SECTIONS = {
    "accomSan": "ACCOMMODATION",
    "empAndEduSan": "EMPLOYMENT_AND_EDUCATION",
    "financeSan": _FINANCE,
    "drugUseSan": "DRUG_USE",
    "alcoUseSan": "ALCOHOL_USE",
    "healthAndWellbeingSan": "HEALTH_AND_WELLBEING",
    "persRelAndCommSan": "PERSONAL_RELATIONSHIPS_AND_COMMUNITY",
    "thinkBehavAndAttiSan": "THINKING_BEHAVIOURS_AND_ATTITUDES",
    "lifeAndAssocSan": _LIFESTYLE,
}
_WEIGHTED = {
    "accommodation": "acc",
    "ete": "eTE",
    "relationships": "rel",
    "lifestyle": "lifestyle",
    "drug": "drug",
    "alcohol": "alcohol",
    "thinking": "think",
    "attitudes": "att",
}
_TIER = {
    "accommodation": "acc",
    "educationTrainingEmployability": "eTE",
    "relationships": "rel",
    "lifestyleAndAssociates": "lifestyle",
    "drugMisuse": "drug",
    "alcoholMisuse": "alcohol",
    "thinkingAndBehaviour": "think",
    "attitudes": "att",
}
_LISTS = {
    "identifiedNeeds": "IDENTIFIED_NEED",
    "notIdentifiedNeeds": "NOT_IDENTIFIED_NEED",
    "unansweredNeeds": "UNANSWERED_NEED",
    "needs": None,
}


def needs(row: Node) -> list[Need]:
    """The needs of one assessment as OASys gives them."""
    return list(_of_row(row))


def _of_row(row: Node) -> Iterator[Need]:
    weighted = row["weightedScores"]
    scores = {key: weighted[f"{word}WeightedScore"] for word, key in _WEIGHTED.items()}
    for key, area in SECTIONS.items():
        group = row[key] if isinstance(row[key].value, dict) else row
        if group is row and not weighted and not row.has_any(*_fields(key)):
            continue
        score = group[f"{key}OtherWeightedScore"]
        yield from _said(
            tool=OASYS,
            area=area,
            score=(score if score else scores.get(key, score)).number(),
            threshold=group[f"{key}Threshold"].number(),
            linked_to_harm=answer(group[f"{key}LinkedToHarm"]),
            linked_to_reoffending=answer(group[f"{key}LinkedToReoffending"]),
        )
    san = row["sanCrimNeedScore"]
    for key, area in SAN_SECTIONS.items() if san else ():
        group = san[key]
        yield from _said(
            tool=SAN,
            area=area,
            score=group[f"{key}Score"].number(),
            threshold=group[f"{key}Threshold"].number(),
            linked_to_harm=answer(group[f"{key}LinkedToHarm"]),
            linked_to_reoffending=answer(group[f"{key}LinkedToReoffending"]),
            strength=answer(group[f"{key}Strength"]),
        )


@lru_cache
def _fields(key: str) -> tuple[str, ...]:
    """What OASys names after a section."""
    ends = ("OtherWeightedScore", "Threshold", "LinkedToHarm", "LinkedToReoffending")
    return tuple(f"{key}{end}" for end in ends)


def _said(*, tool: str, area: str, **facts: float | str | None) -> Iterator[Need]:
    if any(fact is not None for fact in facts.values()):
        yield Need.model_validate({"tool": tool, "area": area} | facts)


def has_needs(row: Node) -> bool:
    """Whether an assessment answers for any need."""
    return (
        row.has("sanCrimNeedScore")
        or row.has("weightedScores")
        or any(isinstance(row[key].value, dict) for key in SECTIONS)
        or any(row.has(f"{key}LinkedToHarm") for key in SECTIONS)
    )


def listed_needs(node: Node) -> list[Need]:
    """The needs of an ARNS answer: by list, or in one list with their status."""
    tool = SAN if node["assessmentVersion"].value == SAN else OASYS
    return [
        Need(
            tool=tool,
            area=area,
            status=status or row["needStatus"].text(),
            score=row.first("score", "needScore").number(),
            threshold=row["oasysThreshold"]["standard"].number(),
            severity=row["severity"].text(),
            linked_to_harm=answer(row["riskOfHarm"]),
            linked_to_reoffending=answer(row["riskOfReoffending"]),
            strength=answer(row["strength"]),
        )
        for name, status in _LISTS.items()
        for row in objects(node[name])
        if (area := row["section"].text())
    ]


def has_listed_needs(node: Node) -> bool:
    """Whether this is an ARNS answer about needs."""
    return any(isinstance(node[name].value, list) for name in _LISTS)


def tier_needs(node: Node) -> list[Need]:
    """The needs of the answer that the tiering service reads, section by section."""
    return [
        Need(
            tool=OASYS,
            area=SECTIONS[key],
            score=node[name]["score"].number(),
            threshold=node[name]["oasysThreshold"]["standard"].number(),
            severity=node[name]["severity"].text(),
            linked_to_harm=answer(node[name]["linkedToHarm"]),
            linked_to_reoffending=answer(node[name]["linkedToReOffending"]),
        )
        for name, key in _TIER.items()
        if isinstance(node[name].value, dict)
    ]


def has_tier_needs(node: Node) -> bool:
    """Whether this is that answer."""
    return isinstance(node["assessment"].value, dict) and any(map(node.has, _TIER))
