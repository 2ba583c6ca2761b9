"""A restricted patient: a prisoner moved to hospital, whom no prison holds."""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import LONDON, Node
from schemas.custody import Custody
from schemas.identifiers import Scheme


def restricted_patient(node: Node, subject: Subject | None) -> MappedPerson:
    """Map the hospital stay. It is as old as the discharge, so that this short answer never
    stands in front of a prisoner's full record that came after it."""
    identifiers = identifiers_of("nomis", [(Scheme.NOMS, node["prisonerNumber"])], subject)
    hospital, discharged = node["hospitalLocation"], node["dischargeTime"].time()
    record = Custody(
        location_code=hospital["agencyId"].text(),
        restricted_patient=node["active"].flag(),
        supporting_prison=node["supportingPrison"]["agencyId"].text(),
        last_prison=node["fromLocation"]["agencyId"].text(),
        hospital_code=hospital["agencyId"].text(),
        hospital=hospital["description"].text(),
        discharged_to_hospital=discharged.astimezone(LONDON).date() if discharged else None,
    )
    records = [MappedRecord(record, "restricted-patient", discharged)]
    return MappedPerson(identifiers, records, node.cautions)
