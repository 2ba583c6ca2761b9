"""A restricted patient: a prisoner moved to hospital, whom no prison holds."""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import Node
from schemas.custody import Custody
from schemas.identifiers import Scheme


def restricted_patient(node: Node, subject: Subject | None) -> MappedPerson:
    """Map the hospital stay. It is as old as the discharge, so that this short answer never
    stands in front of a prisoner's full record that came after it."""
    identifiers = identifiers_of("nomis", [(Scheme.NOMS, node["prisonerNumber"])], subject)
    record = Custody(
        location_code=node["hospitalLocation"]["agencyId"].text(),
        restricted_patient=node["active"].flag(),
    )
    discharged = node["dischargeTime"].time()
    records = [MappedRecord(record, "restricted-patient", discharged)]
    return MappedPerson(identifiers, records, node.cautions)
