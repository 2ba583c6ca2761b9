"""Numbers that their own system has merged: the old one leads to the person of the new one."""

from gateway.identity.joining import join
from gateway.ingest.identity import OWN_SCHEME, Claim, Linked
from gateway.store import filed, pushes
from gateway.store import identity as decided
from gateway.store.identity import By, Decision
from gateway.store.ledger import Ledger, Pair
from schemas.identifiers import Scheme

MERGED = "merged-at-source"


def merged_at_source(ledger: Ledger, linked: Linked, claim: Claim, by: By) -> bool:
    """Let each merged number lead to the person; whoever was known by it becomes one with them.

    Only a system that gives the numbers out may say so, and a human decides where something
    speaks against it. It is a decision like another: it can be taken back. Returns whether any
    number leads elsewhere than before.
    """
    own = OWN_SCHEME.get(claim.system)
    ledger.concerned[linked.person] = None
    changed = False
    for pair in claim.merged:
        changed |= _merge(ledger, linked, pair, by, theirs=pair[0] == own)
    return changed


def _merge(ledger: Ledger, linked: Linked, pair: Pair, by: By, *, theirs: bool) -> bool:
    held = [one for one, disputed in ledger.claimants(pair).items() if not disputed]
    other = ledger.answers(held[0]) if held else None
    if other is None and theirs:
        ledger.claim(pair, linked.filed_under, disputed=False)
        _lead(ledger, pair, linked.filed_under)
        return True
    if other == linked.person:
        _lead(ledger, pair, held[0])
    elif other is not None:
        review = pushes.review(ledger, linked.person, other, MERGED, by.moment)
        ledger.concerned[other] = None
        if not theirs or _contradicts(ledger, linked.person, other, pair[0]):
            return False
        if not decided.was_decided(ledger.connection, review):
            join(ledger, other, linked.person)
            taken = Decision(1, "same", other, None, by.moment, by.who, by.entry)
            decided.decide(ledger, review, taken, "same")
            return True
    return False


def _lead(ledger: Ledger, pair: Pair, person: str) -> None:
    named = {"of_scheme": str(pair[0]), "of_value": pair[1], "of_person_id": person}
    ledger.later(filed.MERGED, f"{pair[0]} {pair[1]} {person}", **named)


def _contradicts(ledger: Ledger, one: str, other: str, scheme: str) -> bool:
    """Two dates of birth, two numbers of another register, or a decision that they are two."""
    born = {ledger.person(p)["date_of_birth"] for p in (one, other)} - {None}
    groups = [ledger.members(p) for p in (one, other)]
    others = set(OWN_SCHEME.values()) - {scheme}
    differ = any(_differ(ledger, groups, register) for register in others)
    return len(born) > 1 or differ or decided.apart(ledger.connection, *groups)


def _differ(ledger: Ledger, groups: list[list[str]], scheme: Scheme) -> bool:
    numbers = [
        {value for one in group for name, value in ledger.names(one) if name == scheme}
        for group in groups
    ]
    return all(numbers) and numbers[0].isdisjoint(numbers[1])
