"""Whose record is it? Exact, verified identifiers link; everything else asks a human.

People are never merged silently: an identifier that two persons claim, or one whose date of
birth contradicts, leaves an identity review and keeps the records apart. A payload that carries
identifiers of two persons is held until somebody has decided whether they are one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from adapters.base import AdapterError, MappedPerson
from gateway.randomness import RANDOM
from gateway.store import pushes
from gateway.store.identity import apart
from gateway.store.ledger import Ledger, Pair
from schemas.identifiers import LINKING, Scheme
from schemas.person import Identifier
from schemas.person import Person as PersonRecord

OWN_SCHEME = {"delius": Scheme.CRN, "nomis": Scheme.NOMS, "visor": Scheme.VISOR}
"""The scheme in which a system that gives out identifiers names its own people beyond doubt.
Two identifiers of such a scheme are two records at the source, and stay two persons here."""


class HeldError(AdapterError):
    """A payload about two known persons, kept until somebody decides on the review of the two."""

    def __init__(self, persons: tuple[str, str], reason: str) -> None:
        super().__init__("ambiguous-person", "its identifiers name more than one known person")
        self.persons, self.reason = persons, reason


@dataclass(frozen=True, slots=True)
class Linked:
    """Who answers for a record, and the id it is filed under: another where two were merged."""

    person: str
    filed_under: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What one payload says of who it is about. `merged`: what its source merged into that."""

    system: str
    identifiers: list[Pair]
    date_of_birth: str | None
    merged: list[Pair]

    @classmethod
    def of(cls, mapped: MappedPerson, system: str) -> "Claim":
        """The verified linking identifiers of a mapped person and their date of birth."""
        people = [r.record for r in mapped.records if isinstance(r.record, PersonRecord)]
        born = next((p.date_of_birth for p in people if p.date_of_birth), None)
        merged = _linking(mapped.merged)
        # The number that survives a merge is the person's; the one merged into it only was.
        own = [pair for pair in _linking(mapped.identifiers) if pair not in merged]
        return cls(system, own, born.isoformat() if born else None, merged)


def _linking(identifiers: Sequence[Identifier]) -> list[Pair]:
    return sorted({(i.scheme, i.value) for i in identifiers if i.verified and i.scheme in LINKING})


def link(ledger: Ledger, claim: Claim, raw_hash: str, content_hash: str, moment: str) -> Linked:
    """The person this payload belongs to, created if nobody is known by its identifiers.

    Raises `HeldError` where the identifiers name several persons and nobody has decided that they
    are not one: to choose would be a guess.
    """
    if not claim.identifiers:
        return _unidentified(ledger, claim.system, raw_hash, content_hash, moment)
    holders, disputed = _known(ledger, claim.identifiers)
    claimants = {person for _, person in disputed}
    doubts = _doubts(ledger, claim, holders, {*holders.values(), *claimants})
    fitting = set(holders.values()) - doubts.keys() or claimants - doubts.keys()
    person = _filed_before(ledger, claim.system, [*holders.items(), *disputed])
    person = person or _choose(claim, fitting, holders, disputed)
    settled = {pair for pair, one in disputed if one == person}
    named = {one for pair, one in holders.items() if pair not in settled} | ({person} - {None})
    _hold(ledger, named, doubts)  # type: ignore[arg-type]
    person = person or _renumbered(ledger, claim) or created(ledger, moment)
    for other in {*holders.values()} - {person}:
        reason = doubts.get(other, "identifiers-name-two-persons")
        pushes.review(ledger, person, other, reason, moment)
    under = _filed_under(ledger, claim, person)
    _claim(ledger, under, claim, _without_squatters(ledger, claim, holders, person))
    return Linked(person, under)


def _hold(ledger: Ledger, named: Collection[str], doubts: Mapping[str, str]) -> None:
    """Nothing is filed while it is open whether two of those named are one."""
    for one, other in combinations(sorted(named), 2):
        if not apart(ledger.connection, ledger.members(one), ledger.members(other)):
            reason = doubts.get(one) or doubts.get(other) or "identifiers-name-two-persons"
            raise HeldError((one, other), reason)


def _renumbered(ledger: Ledger, claim: Claim) -> str | None:
    """Somebody of whom only the number is known that their own system has merged."""
    own = OWN_SCHEME.get(claim.system)
    holders, _ = _known(ledger, [pair for pair in claim.merged if pair[0] == own])
    found = set(holders.values())
    return found.pop() if len(found) == 1 else None


def _filed_under(ledger: Ledger, claim: Claim, person: str) -> str:
    """Of several ids that are one person, the one that the sender's own identifier names, or most
    of the others do: so a merge that is taken back leaves each record with its own."""
    members = ledger.members(person)
    if len(members) == 1:
        return person
    own = OWN_SCHEME.get(claim.system)

    def named(member: str) -> tuple[int, int, bool]:
        pairs = [pair for pair in claim.identifiers if pair in ledger.names(member)]
        return sum(scheme == own for scheme, _ in pairs), len(pairs), member == person

    return max(members, key=named)


def _unidentified(
    ledger: Ledger, system: str, raw_hash: str, content_hash: str, moment: str
) -> Linked:
    known = ledger.person_of_payload(system, raw_hash, content_hash)
    if known:
        return Linked(ledger.answers(known), known)
    person = created(ledger, moment)
    pushes.review(ledger, person, None, "no-verified-identifier", moment)
    return Linked(person, person)


def _known(
    ledger: Ledger, identifiers: Sequence[Pair]
) -> tuple[dict[Pair, str], list[tuple[Pair, str]]]:
    """Who holds each identifier, and who else's records have claimed which."""
    rows = [(pair, *row) for pair in identifiers for row in ledger.claimants(pair).items()]
    told = [(pair, ledger.answers(person), disputed) for pair, person, disputed in rows]
    holders = {pair: person for pair, person, disputed in told if not disputed}
    claims = [(pair, person) for pair, person, disputed in told if disputed]
    return holders, [one for one in claims if holders.get(one[0]) != one[1]]


def _filed_before(ledger: Ledger, system: str, named: Sequence[tuple[Pair, str]]) -> str | None:
    """The one person whose records this system sent under its own identifier before, also where
    another system's record had the identifier first."""
    own = OWN_SCHEME.get(system)
    persons = {person for (scheme, _), person in named if scheme == own}
    found = {person for person in persons if _holds(ledger, person, system)}
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
        if person in named and _holds(ledger, person, claim.system):
            continue
        if own and person not in named and _has_other(ledger, person, own, claim):
            doubts[person] = "another-identifier-of-the-same-system"
        born = ledger.person(person)["date_of_birth"]
        if born and claim.date_of_birth and born != claim.date_of_birth:
            doubts[person] = "date-of-birth-differs"
    return doubts


def _holds(ledger: Ledger, person: str, system: str) -> bool:
    return any(ledger.holds(one, system) for one in ledger.members(person))


def _has_other(ledger: Ledger, person: str, own: Scheme, claim: Claim) -> bool:
    """Whether the person has an identifier of the system's own, but not the one claimed."""
    if not any(scheme == own for scheme, _ in claim.identifiers):
        return False
    mine = {value for scheme, value in claim.identifiers if scheme == own}
    names = [pair for one in ledger.members(person) for pair in ledger.names(one)]
    held = {value for scheme, value in names if scheme == own}
    return bool(held) and held.isdisjoint(mine)


def _choose(
    claim: Claim,
    fitting: set[str],
    holders: Mapping[Pair, str],
    disputed: Sequence[tuple[Pair, str]],
) -> str | None:
    """The one that fits; of several the one whom the sender's own identifier names, or whom each
    identifier does. Raises `HeldError` where that is not one."""
    if len(fitting) <= 1:
        return next(iter(fitting), None)
    own = OWN_SCHEME.get(claim.system)
    chosen = {p for (scheme, _), p in holders.items() if scheme == own and p in fitting}
    named = {*holders.items(), *disputed}
    always = {p for p in fitting if all((pair, p) in named for pair in holders)}
    for found in (chosen, always):
        if len(found) == 1:
            return found.pop()
    one, other, *_ = sorted(chosen or fitting)
    raise HeldError((one, other), "identifiers-name-two-persons")


def created(ledger: Ledger, moment: str) -> str:
    """Somebody new."""
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
        is_theirs = pair[0] != own or _holds(ledger, holder, claim.system)
        if holder != person and not is_theirs:
            for claimant in list(ledger.claimants(pair)):
                ledger.claim(pair, claimant, disputed=True)
            del kept[pair]
    return kept


def _claim(ledger: Ledger, under: str, claim: Claim, holders: Mapping[Pair, str]) -> None:
    """Give the id every identifier nobody holds yet; a claim on a held one is disputed. What
    another id of the same person holds stays there."""
    person = ledger.answers(under)
    for pair in claim.identifiers:
        holder = holders.get(pair)
        if holder != person:
            ledger.claim(pair, under, disputed=holder is not None)
