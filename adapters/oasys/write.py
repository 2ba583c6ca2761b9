"""A case as OASys and its interface would answer it: several answers in one array.

The plan and the assessment are rows in OASys's own fields. What only the interface (ARNS) states,
the overall level above all, is an answer in its form. Times are London's, without a zone.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from adapters.json_writing import numbers
from adapters.oasys import self_harm
from adapters.oasys.needs import OASYS, SAN_SECTIONS, SECTIONS
from adapters.oasys.plan import CURRENT_SITUATION, FURTHER, HEADINGS
from adapters.oasys.write_scores import Answer, answers
from adapters.reading import LONDON
from adapters.rosh_levels import by_field, by_level
from adapters.writing import Case
from schemas.identifiers import Scheme, canonical
from schemas.kinds import Kind

Json = dict[str, Any]
NUMBERS = {"probNumber": Scheme.CRN, "prisNumber": Scheme.NOMS, "pnc": Scheme.PNC}
TEXTS = {
    "whoAtRisk": "whoIsAtRisk",
    "natureOfRisk": "nature",
    "riskGreatest": "imminence",
    "factorsLikelyToIncreaseRisk": "increasingCircumstances",
    "factorsLikelyToReduceRisk": "reducingFactors",
    "factorsAnalysisOfRisk": "analysis",
}
PLAN = {
    CURRENT_SITUATION[0]: "keyInformation",
    FURTHER[0]: "furtherConsiderations",
    **{place: to_camel(field) for field, place in HEADINGS.items()},
}
PLAN_FLAGS = {
    "laterWIPAssessmentExists": "newerInProgress",
    "laterSignLockAssessmentExists": "newerAwaitingSignature",
    "laterPartCompAssessmentExists": "newerPartCompleted",
    "laterCompleteAssessmentExists": "newerCompleted",
}
OFFENCES = {
    "offence": "account",
    "patternOfOffending": "pattern",
    "offenceInvolved": "involved",
    "specificWeapon": "weapon",
    "disinhibitors": "disinhibitors",
    "evidencedMotivations": "motivations",
    "otherMotivation": "otherMotivation",
    "victimPerpetratorRelationship": "victimRelationship",
    "victimOtherInfo": "victimInformation",
}
OFFENCE = {
    "type": "type",
    "offenceCode": "code",
    "offenceSubCode": "subCode",
    "subOffence": "description",
}
VICTIM = {
    "age": "age",
    "gender": "gender",
    "ethnicCategory": "ethnicity",
    "victimRelation": "relationship",
}
OUTSIDE = ("other-prisoners", "escape", "disruptive", "breach-of-trust")
"""Other risks that the interface alone answers."""
_WORDS = {"YES": "Yes", "NO": "No", "DK": "Don't know", "NA": "N/A"}


def write(case: Case) -> bytes:
    """The answers about one person. A document of which nothing was released is an answer without
    values; a case without documents is an empty array, which is no push."""
    person = case.documents.get(Kind.PERSON)
    head = _numbers(case)
    found: list[Json] = []
    if person is not None:
        name = person.get("name") or {}
        names = {"forename": " ".join(name.get("forenames") or []) or None}
        names |= {"familyName": name.get("surname"), "gender": person.get("gender")}
        found.append(head | names | {"assessments": []})
    if (plan := case.documents.get(Kind.PLAN)) is not None:
        found.append(head | {"assessments": [_plan(plan)]})
    if (rosh := case.documents.get(Kind.ROSH)) is not None:
        found += _assessment(rosh, head)
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def _numbers(case: Case) -> Json:
    held = numbers(case)
    told = {name: held[scheme][0] for name, scheme in NUMBERS.items() if scheme in held}
    return {"source": "OASys"} | told


def _about(head: Json, payload: Json) -> Json:
    """An answer of the interface names nobody: the push says who."""
    for name in ("probNumber", "prisNumber"):
        number = head.get(name)
        if number and canonical(NUMBERS[name], number) == number:
            return {"subject": f"{NUMBERS[name]}:{number}", "payload": payload}
    return payload


def _plan(plan: Mapping[str, Any]) -> Json:
    return {
        "assessmentPk": _number(plan.get("assessmentId")),
        "assessmentType": plan.get("assessmentType"),
        "assessmentStatus": plan.get("assessmentStatus"),
        "initiationDate": london(plan.get("initiated")),
        "dateCompleted": london(plan.get("completed")),
        "assessorSignedDate": london(plan.get("signed")),
        **_named(PLAN_FLAGS, plan),
        **_named(PLAN, plan),
    }


def _assessment(rosh: Mapping[str, Any], head: Json) -> Iterator[Json]:
    on = london(rosh.get("assessedOn"))
    own, *others = answers(rosh.get("scores") or [], on[:10] if on else None)
    yield head | {"assessments": [_row(rosh, on) | own.groups]}
    if interface := _interface(rosh):
        yield _about(head, interface | {"assessedOn": on})
    for answer in (own, *others):
        yield from _scores(answer, on if answer is own else answer.day, head, answer is not own)
    if rows := rosh.get("assessments"):
        yield head | {"timeline": [_entry(row) for row in rows]}


def _scores(answer: Answer, done: str | None, head: Json, apart: bool) -> Iterator[Json]:
    if apart and answer.groups:
        yield head | {"assessments": [{"dateCompleted": done} | answer.groups]}
    if answer.output:
        versioned = {"completedDate": done, "outputVersion": "2", "output": answer.output}
        yield _about(head, versioned)


def _row(rosh: Mapping[str, Any], on: str | None) -> Json:
    told, offences = rosh.get("selfHarm") or {}, rosh.get("offenceAnalysis")
    other = {k: v for k, v in (rosh.get("otherRisks") or {}).items() if k not in OUTSIDE}
    row = {
        "assessmentPk": _number(rosh.get("assessmentId")),
        "assessmentType": rosh.get("assessmentType"),
        "assessmentStatus": rosh.get("status"),
        "dateCompleted": on,
        "assessorSignedDate": london(rosh.get("signedOn")),
        **_named(TEXTS, rosh),
        **by_field(rosh.get("inCommunity") or {}, "Community"),
        **by_field(rosh.get("inCustody") or {}, "Custody"),
        **_answered(self_harm.ANSWERS, told),
        **_told(self_harm.TEXTS, told),
        **_answered(self_harm.OTHER, other),
        **_told(self_harm.OTHER_TEXTS, other),
        **_needs(rosh.get("needs") or []),
        **(_offences(offences) if offences else {}),
    }
    if code := other.get("risk-to-others"):
        row["offender"] = {"riskToOthers": code}
    return row


def _interface(rosh: Mapping[str, Any]) -> Json:
    """What OASys's own rows do not say; nothing where there is nothing of it."""
    told, other = rosh.get("selfHarm") or {}, rosh.get("otherRisks") or {}
    topics = {
        topic: texts
        for topic, name in self_harm.TOPICS.items()
        if (
            texts := {
                field: told[f"{name}{end}"]
                for field, end in self_harm.TOPIC_TEXTS.items()
                if f"{name}{end}" in told
            }
        )
    }
    risks = _answered({f: n for f, n in self_harm.OTHER.items() if n in OUTSIDE}, other, code=True)
    if not (rosh.get("overall") or topics or risks):
        return {}
    return {
        "riskToSelf": topics,
        "otherRisks": risks,
        "summary": {
            "overallRiskLevel": rosh.get("overall"),
            "riskInCommunity": by_level(rosh.get("inCommunity") or {}),
            "riskInCustody": by_level(rosh.get("inCustody") or {}),
        },
    }


def _needs(needs: list[Mapping[str, Any]]) -> Json:
    found: Json = {}
    for need in needs:
        own = need.get("tool") == OASYS
        keys = {area: key for key, area in (SECTIONS if own else SAN_SECTIONS).items()}
        if (key := keys.get(str(need.get("area")))) is None:
            continue
        group = {
            f"{key}Threshold": need.get("threshold"),
            f"{key}{'OtherWeightedScore' if own else 'Score'}": need.get("score"),
            f"{key}LinkedToHarm": _word(need.get("linkedToHarm")),
            f"{key}LinkedToReoffending": _word(need.get("linkedToReoffending")),
        }
        if own:
            found[key] = group
        else:
            group[f"{key}Strength"] = _word(need.get("strength"))
            found.setdefault("sanCrimNeedScore", {})[key] = group
    return found


def _offences(analysis: Mapping[str, Any]) -> Json:
    details = [
        _named(OFFENCE, one)
        | {"offenceDate": f"{day}T00:00:00" if (day := one.get("committed")) else None}
        for one in analysis.get("offences") or []
    ]
    victims = [_named(VICTIM, one) for one in analysis.get("victims") or []]
    return _named(OFFENCES, analysis) | {"offenceDetails": details, "victimDetails": victims}


def _entry(row: Mapping[str, Any]) -> Json:
    return {
        "assessmentPk": _number(row.get("assessmentId")),
        "assessmentType": row.get("type"),
        "initiationDate": london(row.get("initiated")),
        "status": row.get("status"),
        "completedDate": london(row.get("completed")),
    }


def _named(names: Mapping[str, str], told: Mapping[str, Any]) -> Json:
    return {theirs: told.get(ours) for theirs, ours in names.items()}


def _told(names: Mapping[str, str], told: Mapping[str, Any]) -> Json:
    return {fields.split("|")[0]: told[n] for fields, n in names.items() if n in told}


def _answered(names: Mapping[str, str], told: Mapping[str, Any], code: bool = False) -> Json:
    found = _told(names, told)
    return found if code else {name: _word(word) for name, word in found.items()}


def _word(answer: str | None) -> str | None:
    return _WORDS.get(answer, answer) if answer else None


def _number(text: str | None) -> int | str | None:
    """OASys numbers its assessments; one that is no number, or has zeros before it, stays text."""
    return int(text) if text and text.isdecimal() and str(int(text)) == text else text


def london(time: str | None) -> str | None:
    """A UTC time as OASys writes it."""
    if time is None:
        return None
    return datetime.fromisoformat(time).astimezone(LONDON).replace(tzinfo=None).isoformat()
