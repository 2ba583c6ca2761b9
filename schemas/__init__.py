"""The canonical schema: what each record *is*. Depends on pydantic alone.

`RECORDS` maps each record kind to its model; everything else in the house
(adapters, policies, store, HTTP) is written against these models.
"""

from schemas.base import Canonical, Record
from schemas.case_team import CaseTeam
from schemas.contacts import Contacts
from schemas.custody import Custody
from schemas.kinds import Kind
from schemas.licence import Licence, LicenceConditions
from schemas.limited_access import LimitedAccess
from schemas.mappa import MappaRegistration
from schemas.minutes import MappaMinutes
from schemas.person import Person
from schemas.plan import RiskManagementPlan
from schemas.referral import MappaReferral
from schemas.residence import Residence
from schemas.rosh import Rosh
from schemas.victim_contact import VictimContact

RECORDS: dict[Kind, type[Record]] = {
    model.kind: model
    for model in (
        Person,
        CaseTeam,
        MappaRegistration,
        Rosh,
        RiskManagementPlan,
        MappaMinutes,
        Licence,
        LicenceConditions,
        VictimContact,
        Custody,
        LimitedAccess,
        Contacts,
        Residence,
        MappaReferral,
    )
}

__all__ = ["RECORDS", "Canonical", "Kind", "Record"]
