"""The record kinds and the agencies that exchange them (DOMAIN.md §2 to §8)."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of canonical record. The value is its name in paths, policies and the log."""

    PERSON = "person"
    CASE_TEAM = "case-team"
    MAPPA = "mappa"
    ROSH = "rosh"
    PLAN = "risk-management-plan"
    MINUTES = "mappa-minutes"
    LICENCE = "licence"
    LICENCE_CONDITIONS = "licence-conditions"
    VICTIM_CONTACT = "victim-contact"
    CUSTODY = "custody"
    LIMITED_ACCESS = "limited-access"
    CONTACTS = "contacts"
    RESIDENCE = "residence"
    REFERRAL = "mappa-referral"


class Agency(StrEnum):
    """Who holds or receives information. Responsible Authority first, then others on the case."""

    PROBATION = "probation"
    POLICE = "police"
    PRISON = "prison"
    VICTIM_LIAISON = "victim-liaison"
    MAPPA = "mappa"
    HEALTH = "health"
    CHILDRENS_SERVICES = "childrens-services"
    HOUSING = "housing"
    IMMIGRATION = "immigration"
    ELECTRONIC_MONITORING = "electronic-monitoring"
    OTHER = "other"
