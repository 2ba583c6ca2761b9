"""Scores in OASys's own fields: each day of scoring is an answer of its own.

OASys holds no assessor and no other tool's scores: what another agency or system scored is not
written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.oasys.scores import ARNS, OASYS, Place

_Slot = tuple[str, str | None, str | None]
_FIXED = {"=STATIC": "STATIC", "=DYNAMIC": "DYNAMIC"}
NEWER = tuple(one for one in ARNS if one.band == "band")
"""The predictors that only the interface has."""


def _index(table: Sequence[Place]) -> dict[_Slot, Place]:
    return {(one.tool, one.scale, _FIXED.get(one.static_or_dynamic or "")): one for one in table}


_OASYS, _NEWER = _index(OASYS), _index(NEWER)


@dataclass(slots=True)
class Answer:
    """The scores of one day (ISO, or `None`), as OASys's groups and as the interface's."""

    day: str | None
    groups: dict[str, Any] = field(default_factory=dict)
    output: dict[str, Any] = field(default_factory=dict)

    def put(self, score: Mapping[str, Any]) -> bool:
        """Whether there was room: one result for each tool and scale."""
        for index, into in ((_OASYS, self.groups), (_NEWER, self.output)):
            if at := _place(index, score):
                group = into.setdefault(at.group.split("|")[0], {})
                told = _fields(at, score)
                if group.keys() & told.keys():
                    return False
                group.update(told)
        return True


def answers(scores: Sequence[Mapping[str, Any]], day: str | None) -> list[Answer]:
    """The scores by day; those of the assessment's own day (`day`) first, perhaps none."""
    found = [Answer(day)]
    for score in _own(scores):
        on = score.get("assessedOn")
        if not any(answer.put(score) for answer in found if answer.day == on):
            found.append(Answer(on))
            found[-1].put(score)
    return found


def _own(scores: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for score in scores:
        told = score.get("system") in (None, "oasys") and not score.get("assessedBy")
        if told and (_place(_OASYS, score) or _place(_NEWER, score)):
            yield score


def _place(index: Mapping[_Slot, Place], score: Mapping[str, Any]) -> Place | None:
    tool, scale, kind = score.get("tool"), score.get("scale"), score.get("staticOrDynamic")
    return index.get((str(tool), scale, kind)) or index.get((str(tool), scale, None))


def _fields(at: Place, score: Mapping[str, Any]) -> dict[str, Any]:
    told = {at.score.split("|")[0]: score.get("score")} if at.score else {}
    if at.band:
        told[at.band.split("|")[0]] = score.get("band")
    if at.static_or_dynamic and at.static_or_dynamic not in _FIXED:
        told[at.static_or_dynamic] = score.get("staticOrDynamic")
    return told | ({at.calculated: "Y"} if at.calculated else {})
