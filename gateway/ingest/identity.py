"""Whose record is it? Exact, verified identifiers link; everything else asks a human.

People are never merged silently: an identifier that two persons claim, or one whose date of
birth contradicts, leaves an identity review and keeps the records apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.base import AdapterError, MappedPerson
from gateway.randomness import RANDOM
from gateway.store import pushes
from gateway.store.ledger import Ledger, Pair
from schemas.identifiers import LINKING, Scheme
from schemas.person import Person as PersonRecord

OWN_SCHEME = {"delius": Scheme.CRN, "nomis": Scheme.NOMS, "visor": Scheme.VISOR}
"""The scheme in which a system that gives out identifiers names its own people beyond doubt.
Two identifiers of such a scheme are two records at the source, and stay two persons here."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one payload says of who it is about."""

    system: str
    identifiers: list[tuple[str, str]]
    date_of_birth: str | None

    @classmethod
    def of(cls, mapped: MappedPerson, system: str) -> "Claim":
        """The verified linking identifiers of a mapped person and their date of birth."""
        found = {(i.scheme, i.value) for i in mapped.identifiers if i.verified}
        people = [r.record for r in mapped.records if isinstance(r.record, PersonRecord)]
        born = next((p.date_of_birth for p in people if p.date_of_birth), None)
        return cls(
            system,
            sorted((s, v) for s, v in found if s in LINKING),
            born.isoformat() if born else None,
        )


def link(ledger: Ledger, claim: Claim, raw_hash: str, content_hash: str, moment: str) -> str:
    """The person this payload belongs to, created if nobody is known by its identifiers.

    Raises `AdapterError` where the identifiers name several persons and none of them is the
    sending system's own: that goes to quarantine, because a choice would be a guess.
    """
    if not claim.identifiers:
        return _unidentified(ledger, claim.system, raw_hash, content_hash, moment)
    holders, disputed = _known(ledger, claim.identifiers)
    claimants = {person for _, person in disputed}
    doubts = _doubts(ledger, claim, holders, {*holders.values(), *claimants})
    fitting = set(holders.values()) - doubts.keys() or claimants - doubts.keys()
    person = (
        _filed_before(ledger, claim.system, [*holders.items(), *disputed])
        or _choose(claim, fitting, holders)
        or _create(ledger, moment)
    )
    for other in {*holders.values()} - {person}:
        reason = doubts.get(other, "identifiers-name-two-persons")
        pushes.review(ledger, person, other, reason, moment)
    _claim(ledger, person, claim, _without_squatters(ledger, claim, holders, person))
    return person


def _unidentified(
    ledger: Ledger, system: str, raw_hash: str, content_hash: str, moment: str
) -> str:
    known = ledger.person_of_payload(system, raw_hash, content_hash)
    if known:
        return known
    person = _create(ledger, moment)
    pushes.review(ledger, person, None, "no-verified-identifier", moment)
    return person


def _known(
    ledger: Ledger, identifiers: Sequence[Pair]
) -> tuple[dict[Pair, str], list[tuple[Pair, str]]]:
    """Who holds each identifier, and who else's records have claimed which."""
    rows = [(pair, *row) for pair in identifiers for row in ledger.claimants(pair).items()]
    holders = {pair: person for pair, person, disputed in rows if not disputed}
    return holders, [(pair, person) for pair, person, disputed in rows if disputed]


def _filed_before(ledger: Ledger, system: str, named: Sequence[tuple[Pair, str]]) -> str | None:
    """The one person whose records this system sent under its own identifier before, also where
    another system's record had the identifier first."""
    own = OWN_SCHEME.get(system)
    persons = {person for (scheme, _), person in named if scheme == own}
    found = {person for person in persons if ledger.holds(person, system)}
    return found.pop() if len(found) == 1 else None


def _doubts(
    ledger: Ledger, claim: Claim, holders: Mapping[Pair, str], persons: set[str]
) -> dict[str, str]:
    """Why a person may not be the one meant, by person.

    Under the sending system's own identifier there is no doubt: a new date of birth from a system
    that knows the person is a correction.
    """
    own = OWN_SCHEME.get(claim.system)
    named = {person for (scheme, _), person in holders.items() if scheme == own}
    doubts = {}
    for person in persons:
        if person in named and ledger.holds(person, claim.system):
            continue
        if own and person not in named and _has_other(ledger, person, own, claim):
            doubts[person] = "another-identifier-of-the-same-system"
        born = ledger.person(person)["date_of_birth"]
        if born and claim.date_of_birth and born != claim.date_of_birth:
            doubts[person] = "date-of-birth-differs"
    return doubts


def _has_other(ledger: Ledger, person: str, own: Scheme, claim: Claim) -> bool:
    """Whether the person has an identifier of the system's own, but not the one claimed."""
    if not any(scheme == own for scheme, _ in claim.identifiers):
        return False
    mine = {value for scheme, value in claim.identifiers if scheme == own}
    held = {value for scheme, value in ledger.names(person) if scheme == own}
    return bool(held) and held.isdisjoint(mine)


def _choose(claim: Claim, fitting: set[str], holders: Mapping[Pair, str]) -> str | None:
    if len(fitting) <= 1:
        return next(iter(fitting), None)
    own = OWN_SCHEME.get(claim.system)
    chosen = {p for (scheme, _), p in holders.items() if scheme == own and p in fitting}
    if len(chosen) == 1:
        return chosen.pop()
    raise AdapterError("ambiguous-person", "its identifiers name more than one known person")


def _create(ledger: Ledger, moment: str) -> str:
    person = RANDOM.uuid()
    ledger.create(person, moment)
    return person


def _without_squatters(
    ledger: Ledger, claim: Claim, holders: Mapping[Pair, str], person: str
) -> dict[Pair, str]:
    """The holders, but for those who got the sender's own identifier from another system.

    A system's own identifier belongs to the person it names; the earlier claim becomes disputed.
    """
    own, kept = OWN_SCHEME.get(claim.system), dict(holders)
    for pair, holder in holders.items():
        is_theirs = pair[0] != own or ledger.holds(holder, claim.system)
        if holder != person and not is_theirs:
            for claimant in list(ledger.claimants(pair)):
                ledger.claim(pair, claimant, disputed=True)
            del kept[pair]
    return kept


def _claim(ledger: Ledger, person: str, claim: Claim, holders: Mapping[Pair, str]) -> None:
    """Give the person every identifier nobody holds yet; a claim on a held one is disputed."""
    for pair in claim.identifiers:
        ledger.claim(pair, person, disputed=holders.get(pair, person) != person)
