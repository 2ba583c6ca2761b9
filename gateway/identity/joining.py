"""Making two persons one, and two again. Records and identifiers stay under the id they were filed
under; only who answers for that id changes, so what is taken back is exactly as it was."""

from gateway.ingest.view import recompute, withdraw
from gateway.store.ledger import Ledger


def join(ledger: Ledger, absorbed: str, survivor: str) -> None:
    """From now on `survivor` answers for `absorbed`, and for all that were merged into them."""
    for member in ledger.members(absorbed):
        ledger.change(member, survivor=survivor)
    ledger.change(absorbed, merged_into=survivor)
    ledger.change(survivor, survivor=survivor)
    withdraw(ledger, absorbed)
    recompute(ledger, survivor)


def part(ledger: Ledger, absorbed: str) -> None:
    """They answer for themselves again, and for those who were merged into them."""
    top = ledger.answers(absorbed)
    ledger.change(absorbed, merged_into=None)
    members = ledger.members(top)
    theirs = [one for one in members if _leads_to(ledger, one, absorbed)]
    for answers, group in ((absorbed, theirs), (top, [m for m in members if m not in theirs])):
        for one in group:
            ledger.change(one, survivor=answers if len(group) > 1 else None)
    for answers in (absorbed, top):
        recompute(ledger, answers)


def _leads_to(ledger: Ledger, member: str, person: str) -> bool:
    one: str | None = member
    while one is not None and one != person:
        one = ledger.person(one)["merged_into"]
    return one == person
