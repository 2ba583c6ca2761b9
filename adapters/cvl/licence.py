"""One licence, whichever of the interfaces wrote it.

They share most names. Where a name means two things (`version`) the shape says which node is
meant; the other renamed fields never occur together.
"""

from adapters.base import AdapterError
from adapters.cvl.codes import KINDS, STATUSES, known, licence_type, status
from adapters.cvl.conditions import additional, bespoke, standard
from adapters.cvl.curfew import curfew, curfew_address, on_one_line
from adapters.cvl.parts import part
from adapters.reading import LONDON, Node
from schemas.conditions import IN_FORCE, knows_policy, policy_version
from schemas.licence import Condition, Licence

_CONSULTED = frozenset({"yes", "not applicable"})
"""The two answers to whether victim liaison was consulted; `No` is not one."""


def licence(node: Node, policy: Node, version: Node) -> Licence:
    """The licence record. Raises `AdapterError` for one without an id: it would be no document."""
    if (licence_id := node.first("id", "licenceId").text()) is None:
        raise AdapterError("no-licence-id", "a licence must carry its id", node.pointer)
    under = policy_version(policy.text())
    conditions = _conditions(node, under)
    if not knows_policy(under) and (under or conditions):
        policy.warn("unknown-policy-version")
    code = status(node.first("statusCode", "licenceStatus"))
    address = node["appointmentAddress"].text()
    record = Licence(
        licence_id=licence_id,
        type=licence_type(node.first("licenceType", "typeCode")),
        licence_kind=known(node["kind"], KINDS),
        status=code,
        in_force=code in IN_FORCE if code in STATUSES else None,
        policy_version=under,
        version=version.text(),
        variation_of=node["variationOf"].text(),
        start=node["licenceStartDate"].day(),
        expiry=node["licenceExpiryDate"].day(),
        supervision_start=node["topupSupervisionStartDate"].day(),
        supervision_expiry=node["topupSupervisionExpiryDate"].day(),
        in_supervision_period=node["isInPssPeriod"].flag(),
        created=node.first("createdDateTime", "dateCreated").time(),
        updated=node.first("updatedDateTime", "dateLastUpdated").time(),
        submitted=node["submittedDate"].time(),
        approved=node.first("approvedDateTime", "approvedDate").time(),
        approved_by=node.first("approvedByName", "approvedByLastName", "approvedByUsername").text(),
        superseded=node["supersededDate"].time(),
        victim_liaison_consulted=_consulted(node["vloDiscussion"]),
        appointment_person=node.first(
            "appointmentPerson", "appointmentPersonLastName", "appointmentPersonType"
        ).text(),
        appointment_time=node["appointmentTime"].time(),
        appointment_time_type=node["appointmentTimeType"].text(),
        appointment_address=address or on_one_line(part(node, "licenceAppointmentAddress")),
        appointment_contact=node.first("appointmentContact", "appointmentTelephoneNumber").text(),
        curfew=curfew(node),
        curfew_address=curfew_address(node),
        conditions=conditions,
    )
    _check(node, record)
    return record


def _conditions(node: Node, policy: str | None) -> list[Condition]:
    """All conditions, from the nested lists of one interface or the flat ones of the others."""
    nested = part(node, "conditions")
    if not nested:
        return (
            standard(node["standardLicenceConditions"], "AP")
            + additional(node["additionalLicenceConditions"], "AP", policy)
            + bespoke(node["bespokeConditions"])
            + standard(node["standardPssConditions"], "PSS")
            + additional(node["additionalPssConditions"], "PSS", policy)
        )
    ap, pss = part(nested, "AP"), part(nested, "PSS")
    return (
        standard(ap["standard"], "AP")
        + additional(ap["additional"], "AP", policy)
        + bespoke(ap["bespoke"])
        + standard(pss["standard"], "PSS")
        + additional(pss["additional"], "PSS", policy)
    )


def _consulted(node: Node) -> str | None:
    answer = node.text()
    if answer is not None and answer.lower() not in _CONSULTED:
        node.warn("unknown-code")
    return answer


def _check(node: Node, record: Licence) -> None:
    """Orders that cannot be. A variation alone may be approved after its licence began."""
    said, kind = node["isVariation"].flag(), record.licence_kind
    if said is not None and kind is not None and kind in KINDS and said != ("VARIATION" in kind):
        node["isVariation"].warn("contradiction")
    varies = "VARIATION" in f"{kind} {record.status}" or said
    approved = record.approved.astimezone(LONDON).date() if record.approved else None
    if approved and record.start and approved > record.start and not varies:
        node.first("approvedDateTime", "approvedDate").warn("contradiction")
    if record.start and record.expiry and record.expiry < record.start:
        node["licenceExpiryDate"].warn("contradiction")
    sentence_end = node["sentenceEndDate"].day()
    if sentence_end and record.expiry and record.expiry > sentence_end:
        node["licenceExpiryDate"].warn("contradiction")
    if record.created and record.updated and record.updated < record.created:
        node.first("updatedDateTime", "dateLastUpdated").warn("contradiction")
