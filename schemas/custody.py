"""Where the person is held, the sentence dates, release and temporary release (DOMAIN.md §5)."""

from datetime import date
from typing import Annotated, ClassVar

from schemas.base import PARTS, Canonical, Record, Section
from schemas.kinds import Kind

LOCATION = Section("location")
SENTENCE_DATES = Section("sentence-dates")
RELEASE = Section("release")
TEMPORARY_RELEASE = Section("temporary-release")
ALERTS = Section("alerts")


class SentenceDates(Canonical):
    """Sentence dates, all days. Sources may contradict themselves; the contradiction is kept."""

    sentence_start: Annotated[date | None, SENTENCE_DATES] = None
    conditional_release: Annotated[date | None, SENTENCE_DATES] = None
    automatic_release: Annotated[date | None, SENTENCE_DATES] = None
    non_parole: Annotated[date | None, SENTENCE_DATES] = None
    parole_eligibility: Annotated[date | None, SENTENCE_DATES] = None
    post_recall_release: Annotated[date | None, SENTENCE_DATES] = None
    licence_expiry: Annotated[date | None, SENTENCE_DATES] = None
    sentence_expiry: Annotated[date | None, SENTENCE_DATES] = None
    supervision_start: Annotated[date | None, SENTENCE_DATES] = None
    supervision_expiry: Annotated[date | None, SENTENCE_DATES] = None
    home_detention_curfew_eligibility: Annotated[date | None, SENTENCE_DATES] = None
    home_detention_curfew_actual: Annotated[date | None, SENTENCE_DATES] = None
    home_detention_curfew_end: Annotated[date | None, SENTENCE_DATES] = None
    actual_parole: Annotated[date | None, SENTENCE_DATES] = None
    tariff: Annotated[date | None, SENTENCE_DATES] = None


class TemporaryRelease(Canonical):
    """A release on temporary licence (ROTL). `type` is RDR, ROR, CRL, SPL or the source's code."""

    type: Annotated[str | None, TEMPORARY_RELEASE] = None
    start: Annotated[date | None, TEMPORARY_RELEASE] = None
    end: Annotated[date | None, TEMPORARY_RELEASE] = None


class Alert(Canonical):
    """A prison alert; `code` verbatim. `active` and `expired` are the source's and may clash."""

    code: Annotated[str, ALERTS]
    type: Annotated[str | None, ALERTS] = None
    description: Annotated[str | None, ALERTS] = None
    active: Annotated[bool | None, ALERTS] = None
    expired: Annotated[bool | None, ALERTS] = None
    start: Annotated[date | None, ALERTS] = None
    end: Annotated[date | None, ALERTS] = None


class Custody(Record):
    """Custody as the prison service records it. `prison` is the three-letter code.

    `OUT` and `TRN` are pseudo-codes: not a prison; then `prison` is `None` and the source's code
    stands in `location_code`. What the source says of one thing in two places (`status` and
    `in_out_status`, `legal_status` and `convicted_status`, `recalled`) is kept in both: it may
    contradict itself.
    """

    kind: ClassVar[Kind] = Kind.CUSTODY

    prison: Annotated[str | None, LOCATION] = None
    prison_name: Annotated[str | None, LOCATION] = None
    location_code: Annotated[str | None, LOCATION] = None
    location_description: Annotated[str | None, LOCATION] = None
    status: Annotated[str | None, LOCATION] = None
    in_out_status: Annotated[str | None, LOCATION] = None
    booking_number: Annotated[str | None, LOCATION] = None
    received: Annotated[date | None, LOCATION] = None
    """Into prison, at the start of the term."""
    admitted: Annotated[date | None, LOCATION] = None
    """Into the prison of today, or the last one."""
    last_prison: Annotated[str | None, LOCATION] = None
    security_category: Annotated[str | None, LOCATION] = None
    restricted_patient: Annotated[bool | None, LOCATION] = None
    supporting_prison: Annotated[str | None, LOCATION] = None
    """Whose offender manager still has the case of a patient in hospital."""
    hospital_code: Annotated[str | None, LOCATION] = None
    hospital: Annotated[str | None, LOCATION] = None
    discharged_to_hospital: Annotated[date | None, LOCATION] = None
    legal_status: Annotated[str | None, SENTENCE_DATES] = None
    convicted_status: Annotated[str | None, SENTENCE_DATES] = None
    imprisonment_status: Annotated[str | None, SENTENCE_DATES] = None
    imprisonment_status_description: Annotated[str | None, SENTENCE_DATES] = None
    most_serious_offence: Annotated[str | None, SENTENCE_DATES] = None
    indeterminate: Annotated[bool | None, SENTENCE_DATES] = None
    additional_days_awarded: Annotated[int | None, SENTENCE_DATES] = None
    recalled: Annotated[bool | None, RELEASE] = None
    release: Annotated[date | None, RELEASE] = None
    confirmed_release: Annotated[date | None, RELEASE] = None
    sentence_dates: Annotated[SentenceDates | None, PARTS] = None
    temporary_releases: Annotated[list[TemporaryRelease], PARTS] = []
    alerts: Annotated[list[Alert], PARTS] = []

    @property
    def standing(self) -> int:
        """A record that says where the person is outranks one of alerts or dates alone."""
        return int(any((self.prison, self.location_code, self.status)))
