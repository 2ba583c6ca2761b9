"""What the prison service's and the licence system's forms cannot hold of a field's values."""

from datetime import date

from hypothesis import strategies as st

from adapters.testing.roundtrip import Documents, Narrowed
from adapters.testing.values import IDENTIFIERS, TEXT, Strategy, identifiers
from schemas.identifiers import Scheme
from schemas.kinds import Kind

DAYS = st.dates(date(1901, 1, 1), date(2100, 1, 1)).map(str)
NO_CONTACT = "4858cd8b-bca6-4f11-b6ee-439e27216d7d"
WORDS = st.text(st.characters(codec="utf-8", categories=["L", "Nd"]), min_size=1, max_size=6)


def few(values: Strategy, most: int = 1) -> Strategy:
    return st.lists(values, max_size=most, unique=True)


def _as_one_prisoner(documents: Documents) -> Documents:
    """The booking number is custody's and one of the person's identifiers; the name of a prison
    and a code of elsewhere stand in one place with the prison. That somebody is no restricted
    patient says nothing by itself."""
    custody, person = documents.get(Kind.CUSTODY), documents.get(Kind.PERSON)
    booking = (custody or {}).get("bookingNumber")
    if person is not None:
        rows = [one for one in person.get("identifiers", []) if one["scheme"] != "booking"]
        held = {"scheme": "booking", "value": booking, "verified": True}
        person["identifiers"] = [*rows, held] if booking else rows
    if custody is not None:
        custody.pop("locationCode" if custody.get("prison") else "prisonName", None)
        custody["status"] = custody.get("status") or "ACTIVE IN"
    return documents


NOMIS = Narrowed(
    {
        "person.identifiers": identifiers(Scheme.NOMS, Scheme.PNC, Scheme.CRO, bad=True),
        "person.name.forenames": st.lists(WORDS, max_size=3),
        "person.aliases[].forenames": st.lists(WORDS, max_size=3),
        "person.addresses[].lines": few(TEXT),
        "person.addresses[].type": st.sampled_from(["primary", None]),
        "person.telephoneNumbers": few(TEXT, 3),
        "person.emailAddresses": few(TEXT, 3),
        "person.nationalities": few(TEXT),
        "custody.prison": st.sampled_from(["LEI", "MDI", None]),
        "custody.locationCode": st.sampled_from(["OUT", "TRN", None]),
        "custody.bookingNumber": IDENTIFIERS[Scheme.BOOKING],
        "custody.temporaryReleases": few(DAYS).map(lambda days: [{"start": day} for day in days]),
    },
    _as_one_prisoner,
)


def _standard(regime: str) -> Strategy:
    fixed = {"type": st.just("standard"), "regime": st.just(regime), "text": TEXT}
    return st.fixed_dictionaries(fixed, optional={"code": TEXT})


def _additional(kind: str, regime: str, code: Strategy, **more: Strategy) -> Strategy:
    """An additional condition of one class. Its code says which, under a known policy."""
    filled = st.dictionaries(WORDS, TEXT, max_size=2)
    fixed = {"type": st.just(kind), "regime": st.just(regime), "code": code, "text": TEXT}
    if kind.endswith("-zone"):
        fixed["zoneExists"] = st.just(True)
    optional = {"category": TEXT, "expandedText": TEXT, "data": filled, **more}
    return st.fixed_dictionaries(fixed, optional=optional)


_MAP = st.fixed_dictionaries({"filename": TEXT}, optional={"mediaType": TEXT, "description": TEXT})
_CONDITIONS = st.one_of(
    [
        one
        for regime in ("AP", "PSS")
        for one in (
            _standard(regime),
            _additional("no-contact", regime, st.just(NO_CONTACT)),
            _additional("exclusion-zone", regime, WORDS, geometry=st.lists(_MAP, max_size=2)),
            _additional("restriction-zone", regime, WORDS, geometry=st.lists(_MAP, max_size=1)),
            _additional("additional", regime, WORDS, electronicMonitoring=few(TEXT, 2)),
        )
    ]
    + [
        st.fixed_dictionaries(
            {"type": st.just("bespoke"), "regime": st.just("AP"), "text": TEXT},
            optional={"code": TEXT},
        )
    ]
)
_OFFICER = st.fixed_dictionaries(
    {
        "agency": st.just("probation"),
        "role": st.just("responsible-officer"),
        "staffId": TEXT,
    },
    optional=dict.fromkeys(("name", "email", "team", "teamCode", "area"), TEXT),
)


def _as_one_licence(documents: Documents) -> Documents:
    """There is nothing without a licence; a person has a surname; who supervised a licence that
    has ended need not do so now."""
    licence = documents.setdefault(Kind.LICENCE, {"licenceId": "7"})
    person = documents.get(Kind.PERSON)
    licence["policyVersion"] = "4.0"
    if licence.get("status") == "INACTIVE":
        documents.pop(Kind.CASE_TEAM, None)
    if person is not None:
        person["name"]["surname"] = person["name"].get("surname") or "Alder"
    return documents


CVL = Narrowed(
    {
        "person.identifiers": identifiers(
            Scheme.NOMS, Scheme.CRN, Scheme.PNC, Scheme.CRO, Scheme.BOOKING
        ),
        "person.name.forenames": st.lists(WORDS, max_size=3),
        "licence.conditions": st.lists(_CONDITIONS, max_size=4),
        "licence.status": st.sampled_from(["ACTIVE", "INACTIVE", "VARIATION_SUBMITTED", "LATER"]),
        Kind.CASE_TEAM: st.lists(_OFFICER, max_size=1).map(lambda rows: {"members": rows}),
    },
    _as_one_licence,
)
