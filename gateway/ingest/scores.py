"""Scores of all systems and assessors side by side, and where they differ (DOMAIN.md §4).

Tools, scales and generations are never merged, and no score is ever settled here: of each
assessor the newest result on a scale stands, and where two assessors differ both are shown.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from schemas.rosh import RiskScore, Rosh, ScoreDisagreement

_Scale = tuple[str, str, str]


def side_by_side(
    told: Iterable[tuple[str, str, Rosh]],
) -> tuple[list[RiskScore], list[ScoreDisagreement]]:
    """The scores that stand, and the disagreements among them. `told`: (system, as of, record)."""
    scales: dict[_Scale, dict[str, list[tuple[str, RiskScore]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for system, as_of, record in told:
        for score in record.scores:
            stated = score.model_copy(update={"system": score.system or system})
            day = score.assessed_on.isoformat() if score.assessed_on else as_of[:10]
            scales[_scale(score)][_word(score.assessed_by or system)].append((day, stated))
    standing = {
        scale: [s for _, dated in sorted(by.items()) for s in _newest(dated)]
        for scale, by in sorted(scales.items())
    }
    differing = [scores for scores in standing.values() if not _all_agree(scores)]
    return (
        [score for scores in standing.values() for score in scores],
        [ScoreDisagreement(tool=s[0].tool, scale=s[0].scale, views=s) for s in differing],
    )


def _scale(score: RiskScore) -> _Scale:
    """Static and dynamic results of one tool answer different questions."""
    return _word(score.tool), _word(score.scale), _word(score.static_or_dynamic)


def _word(text: str | None) -> str:
    word = re.sub(r"[^0-9a-z]", "", (text or "").casefold())
    return _SHORT.get(word, word)


_SHORT = {"l": "low", "m": "medium", "h": "high", "vh": "veryhigh"}
"""Bands that one answer of a system abbreviates and the next writes out."""


def _newest(dated: Sequence[tuple[str, RiskScore]]) -> list[RiskScore]:
    """One assessor's results of the last day; the same result told twice is one."""
    last = max(day for day, _ in dated)
    found: list[RiskScore] = []
    for day, score in dated:
        if day == last and not any(_agree(score, one) for one in found):
            found.append(score)
    return found


def _all_agree(scores: Sequence[RiskScore]) -> bool:
    return all(_agree(one, other) for one in scores for other in scores)


def _agree(one: RiskScore, other: RiskScore) -> bool:
    """Whether nothing that both state differs; spelling of a band is no difference."""
    bands = {_word(one.band), _word(other.band)} - {""}
    figures = {one.score, other.score} - {None}
    return len(bands) < 2 and len(figures) < 2
