"""Where each canonical field stands in OASys's answers and in those of its interface (ARNS)."""

from collections.abc import Iterator

from adapters.oasys import write
from adapters.writing import Line, Way
from schemas.kinds import Kind

_ZONE = "London time without a zone; the hour that comes twice is taken as the first"
_WORDS = "the names of OASys's questions; another name has no place"
_SCORES = "one for each tool, scale and day; of other systems and assessors none"
_HEAD = {
    "assessmentId": "assessmentPk",
    "assessedOn": "dateCompleted",
    "signedOn": "assessorSignedDate",
    "status": "assessmentStatus",
    "assessmentType": "assessmentType",
}
_GROUPS = ("children", "public", "knownAdult", "staff", "prisoners")


def _person() -> Iterator[Line]:
    one_name = "all forenames stand in one field, and come back as one"
    yield Line(Kind.PERSON, "name.forenames", "forename", note=one_name)
    yield Line(Kind.PERSON, "name.surname", "familyName")
    yield Line(Kind.PERSON, "gender", "gender")
    numbers = ", ".join(write.NUMBERS)
    for field in ("scheme", "value"):
        note = "CRN, prison number and PNC, one of each"
        yield Line(Kind.PERSON, f"identifiers[].{field}", numbers, note=note)
    worked_out = "worked out from the form and the check letter"
    yield Line(Kind.PERSON, "identifiers[].verified", "", note=worked_out)


def _plan() -> Iterator[Line]:
    for field, place in (
        ("assessmentId", "assessmentPk"),
        ("assessmentType", "assessmentType"),
        ("assessmentStatus", "assessmentStatus"),
    ):
        yield Line(Kind.PLAN, field, place)
    for field, place in (
        ("initiated", "initiationDate"),
        ("completed", "dateCompleted"),
        ("signed", "assessorSignedDate"),
    ):
        yield Line(Kind.PLAN, field, place, note=_ZONE)
    for place, field in (write.PLAN_FLAGS | write.PLAN).items():
        yield Line(Kind.PLAN, field, place)


def _rosh() -> Iterator[Line]:
    for field, place in _HEAD.items():
        yield Line(Kind.ROSH, field, place, note=_ZONE if field.endswith("On") else "")
    state = "which state it is in is not kept"
    yield Line(Kind.ROSH, "newerAssessmentExists", "later…AssessmentExists", Way.IN, state)
    yield Line(Kind.ROSH, "overall", "summary/overallRiskLevel")
    yield Line(Kind.ROSH, "overallCode", "summary/overallRiskLevel", Way.IN, "the word as it came")
    for setting in ("Community", "Custody"):
        for group in _GROUPS:
            name = f"{group[0].upper()}{group[1:]}"
            yield Line(Kind.ROSH, f"in{setting}.{group}", f"risk{name}{setting}")
    for place, field in write.TEXTS.items():
        yield Line(Kind.ROSH, field, place)
    yield Line(Kind.ROSH, "otherRisks", "otherRisks, …Concerns…", note=_WORDS)
    yield Line(Kind.ROSH, "selfHarm", "riskToSelf, …Concerns…", note=_WORDS)
    for field in ("tool", "scale", "score", "band", "staticOrDynamic", "assessedOn"):
        place = "" if field in ("tool", "scale") else "OGRS, OGP, OVP, RSR, OSP, newActuarial…"
        yield Line(Kind.ROSH, f"scores[].{field}", place, note=_SCORES)
    yield from _needs()
    yield from _offences()
    entry = {"assessmentId": "assessmentPk", "type": "assessmentType", "status": "status"}
    times = {"initiated": "initiationDate", "completed": "completedDate"}
    for field, place in (entry | times).items():
        note = _ZONE if field in times else ""
        yield Line(Kind.ROSH, f"assessments[].{field}", f"timeline/{place}", note=note)


def _needs() -> Iterator[Line]:
    for field, place in (
        ("tool", "the group, in sanCrimNeedScore or not"),
        ("area", "the group: acc, eTE, …"),
        ("score", "…OtherWeightedScore, …Score"),
        ("threshold", "…Threshold"),
        ("linkedToHarm", "…LinkedToHarm"),
        ("linkedToReoffending", "…LinkedToReoffending"),
        ("strength", "…Strength"),
    ):
        note = "strengths and needs (SAN) only" if field == "strength" else ""
        yield Line(Kind.ROSH, f"needs[].{field}", place, note=note)
    for field in ("status", "severity"):
        yield Line(Kind.ROSH, f"needs[].{field}", field, Way.IN, "the interface's word")


def _offences() -> Iterator[Line]:
    for place, field in write.OFFENCES.items():
        yield Line(Kind.ROSH, f"offenceAnalysis.{field}", place)
    for place, field in (write.OFFENCE | {"offenceDate": "committed"}).items():
        yield Line(Kind.ROSH, f"offenceAnalysis.offences[].{field}", f"offenceDetails/{place}")
    for place, field in write.VICTIM.items():
        yield Line(Kind.ROSH, f"offenceAnalysis.victims[].{field}", f"victimDetails/{place}")


LINES = (*_person(), *_plan(), *_rosh())
