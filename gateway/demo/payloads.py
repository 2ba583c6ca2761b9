"""Each invented person as each agency's system would send them. The wording is ours."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

from gateway.demo.people import Character

GROUPS = ("Children", "Public", "KnownAdult", "Staff")
_WORDS = {"LOW": "Low", "MEDIUM": "Medium", "HIGH": "High", "VERY_HIGH": "Very High"}
NO_CONTACT = "4858cd8b-bca6-4f11-b6ee-439e27216d7d"
EXCLUSION_ZONE = "0f9a20f4-35c7-4c77-8af8-f200f153fa11"
POLYGRAPH = "1dc7ee29-df47-48a8-90b6-69e286692d8a"
GOOD_BEHAVIOUR = "9ce9d594-e346-4785-9642-c87e764bee37"


def delius_person(c: Character) -> dict[str, Any]:
    """nDelius probation search row: person, identifiers, responsible officer and region."""
    return {
        "firstName": c.forename,
        "surname": c.surname,
        "middleNames": [],
        "dateOfBirth": c.born.isoformat(),
        "gender": c.gender,
        "otherIds": {
            "crn": c.crn,
            "nomsNumber": c.noms,
            "pncNumber": c.pnc,
            "croNumber": c.cro,
        },
        "offenderProfile": {"nationality": "British", "ethnicity": "Not stated"},
        "offenderManagers": [
            {
                "staff": {
                    "code": c.staff("PP"),
                    "forenames": "Responsible",
                    "surname": "Officer",
                    "unallocated": False,
                },
                "team": {
                    "code": f"{c.area.region}T1",
                    "description": f"{c.area.name} team 1",
                    "telephone": "01632 960001",
                },
                "probationArea": {"code": c.area.region, "description": c.area.name},
                "fromDate": c.sentenced.isoformat(),
                "active": True,
            }
        ],
        "currentRestriction": False,
        "currentExclusion": False,
    }


def delius_supervision(c: Character) -> dict[str, Any]:
    """nDelius MAPPA registration and flags; it names nobody, so it is wrapped with its subject."""
    started = c.release - timedelta(days=180)
    return {
        "subject": f"crn:{c.crn}",
        "payload": {
            "mappaDetail": {
                "level": c.level,
                "levelDescription": f"MAPPA Level {c.level}",
                "category": c.category,
                "categoryDescription": f"MAPPA Category {c.category}",
                "startDate": started.isoformat(),
                "reviewDate": (c.today + timedelta(days=56)).isoformat(),
            },
            "supervisions": [],
            "dynamicRisks": [
                {
                    "code": "RCCO",
                    "description": "Concerns about a child",
                    "startDate": started.isoformat(),
                    "reviewDate": (c.today + timedelta(days=90)).isoformat(),
                }
            ],
        },
    }


def _assessment(c: Character) -> dict[str, Any]:
    done = f"{c.today - timedelta(days=20)}T10:30:00"
    return {
        "assessmentPk": 6_000_000 + c.number,
        "assessmentType": "LAYER3",
        "initiationDate": f"{c.today - timedelta(days=30)}T09:00:00",
        "dateCompleted": done,
        "assessorSignedDate": done,
        "assessmentStatus": "COMPLETE",
        "superStatus": "COMPLETE",
        "laterWIPAssessmentExists": False,
        "laterSignLockAssessmentExists": False,
        "laterPartCompUnsignedAssessmentExists": False,
        "laterPartCompSignedAssessmentExists": False,
        "laterCompleteAssessmentExists": False,
    }


def oasys_plan(c: Character) -> dict[str, Any]:
    """OASys risk management plan."""
    return {
        "source": "OASys",
        "crn": c.crn,
        "limitedAccessOffender": False,
        "timeline": [],
        "assessments": [
            _assessment(c)
            | {
                "keyInformationCurrentSituation": "Lives at approved premises.\rWorks nights.",
                "furtherConsiderationsCurrentSituation": "A new relationship is suspected.",
                "supervision": "Weekly appointments; unannounced home visits with the police.",
                "monitoringAndControl": "Tag with an exclusion zone; phone examined monthly.",
                "interventionsAndTreatment": "Accredited programme begins next month.",
                "victimSafetyPlanning": "No-contact condition and zone asked for through the VLO.",
                "contingencyPlans": "If he fails to return by curfew: police first, then recall.",
            }
        ],
    }


def oasys_rosh(c: Character) -> dict[str, Any]:
    """OASys RoSH summary."""
    level = _WORDS[c.rosh]
    table = {f"risk{group}Community": "Low" for group in GROUPS}
    table |= {f"risk{group}Custody": "Low" for group in GROUPS}
    return {
        "source": "OASys",
        "probNumber": c.crn,
        "limitedAccessOffender": False,
        "assessments": [
            _assessment(c)
            | table
            | {
                "riskChildrenCommunity": level,
                "riskPrisonersCustody": "Low",
                "whoAtRisk": "Children known to a new partner.",
                "natureOfRisk": "Serious sexual harm.",
                "riskGreatest": "When he has unsupervised access to a family home.",
                "factorsSituationsLikelyToOffend": "Isolation, drinking, secrecy.",
                "factorsStrengthsAndProtective": "Keeps appointments; open with his officer.",
            }
        ],
    }


def nomis_prisoner(c: Character) -> dict[str, Any]:
    """Prisoner search: person, location, sentence dates."""
    inside = c.in_custody
    return {
        "prisonerNumber": c.noms,
        "pncNumber": c.pnc,
        "croNumber": c.cro,
        "bookNumber": f"{38_000 + c.number % 1000}A",
        "firstName": c.forename.upper(),
        "lastName": c.surname.upper(),
        "dateOfBirth": c.born.isoformat(),
        "gender": c.gender,
        "nationality": "British",
        "status": "ACTIVE IN" if inside else "INACTIVE OUT",
        "inOutStatus": "IN" if inside else "OUT",
        "prisonId": c.area.prison if inside else "OUT",
        "prisonName": c.area.prison_name if inside else "Outside",
        "legalStatus": "SENTENCED",
        "recall": False,
        "indeterminateSentence": False,
        "sentenceStartDate": c.sentenced.isoformat(),
        "confirmedReleaseDate": c.release.isoformat(),
        "releaseDate": c.release.isoformat(),
        "conditionalReleaseDate": c.release.isoformat(),
        "licenceExpiryDate": (c.release + timedelta(days=1200)).isoformat(),
        "sentenceExpiryDate": (c.release + timedelta(days=1300)).isoformat(),
        "alerts": [],
        "aliases": [],
        "restrictedPatient": False,
    }


def nomis_allocation(c: Character) -> dict[str, Any]:
    """Which prison offender manager has the case, before and after release."""
    return {
        "subject": f"noms:{c.noms}",
        "payload": {
            "primary_pom": {"staff_id": c.staff("POM"), "name": "Prison offender manager"},
            "secondary_pom": {},
            "prison": c.area.prison,
        },
    }


def cvl_licence(c: Character) -> dict[str, Any]:
    """Create and vary a licence, public form, policy 4.0."""
    status = "APPROVED" if c.in_custody else "ACTIVE"
    additional: list[dict[str, Any]] = [
        {
            "id": 2,
            "category": "Polygraph",
            "type": "STANDARD",
            "code": POLYGRAPH,
            "text": "Take a polygraph examination when your officer asks you to.",
        }
    ]
    if c.victim_ref:
        additional += [
            {
                "id": 3,
                "category": "Making or maintaining contact with a person",
                "type": "STANDARD",
                "code": NO_CONTACT,
                "text": f"Do not get in touch with the person known as {c.victim_ref}.",
            },
            {
                "id": 4,
                "category": "Freedom of movement",
                "type": "MULTIPLE_EXCLUSION_ZONE",
                "code": EXCLUSION_ZONE,
                "text": "Stay out of the area drawn on the map you were given.",
                "hasImageUpload": True,
            },
        ]
    return {
        "id": 40_000 + c.number,
        "kind": "CRD",
        "licenceType": "AP",
        "policyVersion": "4.0",
        "version": "1.0",
        "statusCode": status,
        "prisonNumber": c.noms,
        "bookingId": 120_000 + c.number,
        "crn": c.crn,
        "approvedByUsername": "governor.demo",
        "approvedDateTime": f"{c.release - timedelta(days=5)}T15:00:00",
        "createdByUsername": "com.demo",
        "createdDateTime": f"{c.release - timedelta(days=30)}T15:00:00",
        "licenceStartDate": c.release.isoformat(),
        "isInPssPeriod": False,
        "conditions": {
            "AP": {
                "standard": [
                    {"code": GOOD_BEHAVIOUR, "text": "Behave well and keep to this licence."}
                ],
                "additional": additional,
                "bespoke": [{"text": "Tell your officer about any new relationship at once."}],
            },
            "PSS": {"standard": [], "additional": []},
        },
    }


def visor_nominal(c: Character) -> str:
    """ViSOR nominal in the gateway's published police form."""
    kind = {1: "REGISTERABLE_SEXUAL", 2: "VIOLENT"}.get(c.category, "DANGEROUS")
    return (
        '<nominal xmlns="urn:mappa-gateway:visor:1" '
        f'reference="{escape(c.visor)}" updated="{c.today - timedelta(days=9)}T08:00:00Z">'
        f"<type>{kind}</type><person><name><forename>{c.forename}</forename>"
        f"<surname>{c.surname}</surname></name><date-of-birth>{c.born}</date-of-birth>"
        f"<identifier><scheme>pnc</scheme><value>{c.pnc}</value></identifier>"
        f"<identifier><scheme>crn</scheme><value>{c.crn}</value></identifier></person>"
        f"<team><manager><staff-id>{c.staff('OM')}</staff-id><name>Offender manager</name>"
        f"<team>Public protection</team><area>{c.area.force}</area><from>{c.sentenced}</from>"
        "<telephone>01632 960100</telephone></manager></team>"
        f"<mappa><category>{c.category}</category><level>{c.level}</level>"
        f"<lead-agency>police</lead-agency><area>{c.area.name}</area></mappa>"
        "<rosh><score><tool>RM2000</tool><scale>S</scale><band>HIGH</band>"
        f"<assessed-by>police</assessed-by><assessed-on>{c.today - timedelta(days=9)}"
        "</assessed-on></score></rosh></nominal>"
    )


def vcms_case(c: Character) -> dict[str, Any] | None:
    """VCMS: scheme status, VLO, requests; the victim is a reference and nothing more."""
    if c.victim_ref is None:
        return None
    asked = (c.release - timedelta(days=60)).isoformat()
    return {
        "system": "vcms",
        "writtenAt": f"{c.today - timedelta(days=7)}T12:00:00Z",
        "person": {"crn": c.crn, "nomsNumber": c.noms},
        "cases": [
            {
                "victimRef": c.victim_ref,
                "status": "OPTED_IN",
                "statusSince": (c.sentenced + timedelta(days=20)).isoformat(),
                "vlo": {"staffId": c.staff("VLO"), "name": "Victim liaison officer"},
                "requests": [
                    {"type": "NO_CONTACT", "requested": asked, "outcome": "agreed"},
                    {"type": "EXCLUSION_ZONE", "requested": asked, "outcome": "agreed"},
                ],
                "informationGiven": [{"topic": "RELEASE_MONTH", "given": asked}],
            }
        ],
    }


def mappa_minutes(c: Character) -> dict[str, Any] | None:
    """Minutes of the last Level 2 or 3 meeting; Level 1 cases have none."""
    if c.level == 1:
        return None
    met = c.today - timedelta(days=14)

    def due(days: int) -> str:
        return (c.today + timedelta(days=days)).isoformat()

    return {
        "system": "mappa",
        "person": {"crn": c.crn, "nomsNumber": c.noms, "pnc": c.pnc},
        "meetingId": f"{c.area.force}-{c.number:06d}-1",
        "meetingDate": met.isoformat(),
        "form": "B",
        "edition": "demo",
        "area": c.area.name,
        "category": c.category,
        "level": c.level,
        "chair": "Chief Inspector A. Nominal",
        "issued": (met + timedelta(days=5)).isoformat(),
        "nextReview": due(42),
        "attendance": [
            {"agency": "police", "name": "Offender manager", "presence": "present"},
            {"agency": "probation", "name": "Responsible officer", "presence": "present"},
            {"agency": "prison", "presence": "absent", "reportSent": False},
        ],
        "confidentiality": "Not to be copied on without the chair's agreement.",
        "previousActions": [],
        "legalStatus": "On licence." if not c.in_custody else "In custody before release.",
        "reason": "Complex case that needs more than one agency.",
        "agencyUpdates": {
            "police": "Two unannounced visits; no concerns at the address.",
            "probation": "Keeps appointments; guarded about a new relationship.",
        },
        "victimIssues": "Victim liaison asked for no contact and a zone; both agreed.",
        "risk": {"text": "Risk is to children in a partner's home.", "overall": c.rosh},
        "diversity": "None raised.",
        "humanRights": "Interference is lawful, necessary and proportionate.",
        "disclosure": {
            "decision": "Disclose to the new partner if the relationship is confirmed.",
            "rationale": "Children would otherwise be at risk.",
        },
        "riskManagementPlan": "Visits, tag, zone, programme.",
        "contingency": "Failure to return: police, then recall.",
        "media": "No interest expected.",
        "visorUpdated": True,
        "levelDecision": {"level": c.level, "rationale": "Active co-operation is needed."},
        "actions": [
            {
                "action": "Confirm the relationship and the children's ages.",
                "owner": "Offender manager",
                "agency": "police",
                "due": due(7),
            },
            {
                "action": "Send the licence to the prison and the police file.",
                "owner": "Responsible officer",
                "agency": "probation",
                "due": due(3),
            },
        ],
        "executiveSummary": "Managed actively; conditions asked for by the victim are in place.",
    }


BUILDERS: tuple[tuple[str, Callable[[Character], Any]], ...] = (
    ("delius", delius_person),
    ("delius", delius_supervision),
    ("nomis", nomis_prisoner),
    ("nomis", nomis_allocation),
    ("visor", visor_nominal),
    ("oasys", oasys_rosh),
    ("oasys", oasys_plan),
    ("cvl", cvl_licence),
    ("vcms", vcms_case),
    ("mappa", mappa_minutes),
)
"""What is pushed for each person, in this order; the person record first."""


def batch(system: str, payloads: list[Any]) -> bytes:
    """Several payloads of one system as one push."""
    if system == "visor":
        return (
            f'<nominals xmlns="urn:mappa-gateway:visor:1">{"".join(payloads)}</nominals>'.encode()
        )
    return json.dumps(payloads).encode()
