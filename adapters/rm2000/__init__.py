"""Risk Matrix 2000: the sexual (S), violence (V) and combined (C) scales. CSV and JSON.

The format is published here, because no agency publishes one. One row per assessment:

| column | meaning |
|---|---|
| CRN, Prison number, PNC, ViSOR reference | the person; at least one, or the push says who |
| Agency | who scored: police, probation, prison |
| Reference | the agency's own number of the assessment, if it has one |
| Assessment date | day first, or ISO |
| Sexual scale, Violence scale, Combined scale | LOW, MEDIUM, HIGH, VERY_HIGH |
| Sexual points, Violence points, Combined points | the figures behind them, if recorded |
| Gender, Date of birth, Sexual conviction | only compared with whom the tool is for |

The tool is for adult men with a conviction for a sexual offence. A row that says otherwise keeps
its results and carries a `contradiction`; nothing is corrected.
"""

from adapters.reading import Node
from adapters.score_tables import DATE, Result, ScoreTable, adapter
from adapters.tables import Column

LEVELS = frozenset({"low", "medium", "high", "veryhigh"})
GENDER, BORN, CONVICTION = "Gender", "Date of birth", "Sexual conviction"
_ADULT = 18


def _check(row: Node) -> None:
    """Leave a `contradiction` where the row names somebody whom the tool is not for."""
    gender = (row[GENDER].text() or "").strip().lower()
    if gender and gender not in ("m", "male", "man", "1"):
        row[GENDER].warn("contradiction")
    if row[CONVICTION].value != "" and row[CONVICTION].flag() is False:
        row[CONVICTION].warn("contradiction")
    born, on = row[BORN].day(), row[DATE].day()
    if (
        born
        and on
        and (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) < _ADULT
    ):
        row[BORN].warn("contradiction")


RM2000 = ScoreTable(
    "rm2000",
    "RM2000",
    tuple(
        Result(f"{name} scale", name[0], LEVELS, f"{name} points", also)
        for name, also in (
            ("Sexual", ("rm2000 s", "s", "sexual")),
            ("Violence", ("rm2000 v", "v", "violence", "violent scale")),
            ("Combined", ("rm2000 c", "c", "combined")),
        )
    ),
    (Column(GENDER, ("sex",)), Column(BORN, ("dob",)), Column(CONVICTION)),
    _check,
)
ADAPTER = adapter(RM2000)

__all__ = ["ADAPTER", "RM2000"]
