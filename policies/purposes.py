"""Why somebody looks: the `Purpose-Of-Use` header (DESIGN.md, Access)."""

from enum import StrEnum


class Purpose(StrEnum):
    """A purpose of use; a policy allows each role only some of them."""

    MAPPA_MANAGEMENT = "mappa-management"
    LICENCE_SUPERVISION = "licence-supervision"
    CUSTODY_MANAGEMENT = "custody-management"
    VICTIM_CONTACT = "victim-contact"
    SAFEGUARDING = "safeguarding"
    RECALL = "recall"
    REFERRAL = "referral"
    SYSTEM_UPDATE = "system-update"
    AUDIT = "audit"
    DATA_PROTECTION = "data-protection"
    INSPECTION = "inspection"
    EMERGENCY = "emergency"
