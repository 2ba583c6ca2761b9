"""ARMS, the active risk management system: priorities and the overall level. CSV and JSON.

The format is published here, because no agency publishes one. One row per assessment:

| column | meaning |
|---|---|
| CRN, Prison number, PNC, ViSOR reference | the person; at least one, or the push says who |
| Agency | who assessed: police, probation, prison |
| Reference | the agency's own number of the assessment, if it has one |
| Assessment date | day first, or ISO |
| Overall level | LOW, MEDIUM, HIGH, VERY_HIGH |
| one for each risk and protective factor (config) | its priority: LOW, MEDIUM, HIGH |

A blank factor was not assessed. A factor is a scale of its own: `risk: opportunity`.
"""

from adapters.score_tables import Result, ScoreTable, adapter

LEVELS = frozenset({"low", "medium", "high", "veryhigh"})
PRIORITIES = frozenset({"low", "medium", "high"})
RISK = (
    "Opportunity",
    "Sexual preoccupation",
    "Offence related sexual interests",
    "Emotional congruence with children",
    "Hostile orientation",
    "Poor self management",
)
PROTECTIVE = (
    "Social influences",
    "Commitment to desist",
    "Intimate relationship",
    "Employment or positive routine",
    "Social investment",
)
"""The factors (config): the tool's edition decides their names."""


def _factors(names: tuple[str, ...], kind: str) -> tuple[Result, ...]:
    return tuple(Result(name, f"{kind}: {name.lower()}", PRIORITIES) for name in names)


ARMS = ScoreTable(
    "arms",
    "ARMS",
    (
        Result("Overall level", None, LEVELS, also=("overall", "arms level", "overall risk level")),
        *_factors(RISK, "risk"),
        *_factors(PROTECTIVE, "protective"),
    ),
)
ADAPTER = adapter(ARMS)

__all__ = ["ADAPTER", "ARMS"]
