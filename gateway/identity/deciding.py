"""What a decision on a review does, in the transaction that records it.

Nothing is decided on what has changed meanwhile: whoever decides says which state they saw, and of
two who decide at once the second is told. Every decision is kept, and each can be taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from gateway.drafts import Done
from gateway.errors import Problem
from gateway.identity.joining import join, part
from gateway.identity.splitting import Chosen, Moved, settle, split, stands_alone, unsplit
from gateway.ingest.apply import Filed
from gateway.ingest.identity import Linked, created
from gateway.ingest.push import Mapped, Push, file_all
from gateway.store import identity as reviews
from gateway.store import pushes
from gateway.store.identity import By, Decision, Review
from gateway.store.ledger import Ledger

ASKED, SPLIT, TAKEN_BACK = "asked-by-staff", "split-by-staff", "link-taken-back"
OUTCOMES = {
    "same": "merged",
    "different": "kept-apart",
    "link": "linked",
    "split": "split",
    "undo": "undone",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision: `same`, `different`, `link` or `undo`. `person`: who is to answer from now on
    (`same`), or whose the records under review are (`link`)."""

    decision: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A payload held for the review, mapped anew."""

    quarantine: str
    push: Push
    mapped: Sequence[Mapped]


def decide(
    connection: Connection,
    review: str,
    wanted: Wanted,
    state: str | None,
    by: By,
    waiting: Sequence[Waiting] = (),
) -> Done:
    """Do what was decided. Raises `Problem` where the review is no longer as it was seen (412), or
    the decision cannot be taken (409)."""
    found = reviews.here(connection, review)
    if found is None or (state is not None and found.state != state):
        raise _changed()
    match wanted.decision:
        case "undo":
            return _undo(connection, found, by)
        case "same":
            return _same(connection, found, wanted, by, waiting)
        case "link":
            return _link(connection, found, wanted, by, waiting)
        case _:
            _must_be_open(found)
            _keep(Ledger(connection), found, "different", by)
            return _done(connection, found, "different", *_replay(connection, waiting, by))


def merge(connection: Connection, person: str, other: str, wanted: Wanted, by: By) -> Done:
    """Make two persons one whom nobody proposed."""
    ledger = Ledger(connection)
    review = pushes.review(ledger, person, other, ASKED, by.moment)
    ledger.write()
    return decide(connection, review, wanted, None, by)


def part_records(connection: Connection, person: str, chosen: Chosen, by: By) -> Done:
    """Make records of a person somebody else's."""
    moved = split(connection, person, chosen, by.moment)
    if not moved.ids:
        raise _conflict("These are not some, and not all, of the person's records.")
    if set(chosen.identifiers) - set(moved.identifiers):
        raise _conflict("A number is not the person's, or not filed with these records.")
    ledger = Ledger(connection)
    first = next(iter(moved.ids))
    review = pushes.review(ledger, person, first, SPLIT, by.moment)
    taken = Decision(1, "split", first, moved.text(), by.moment, by.who, by.entry)
    reviews.decide(ledger, review, taken, "split")
    ledger.write()
    settle(connection, person, moved)
    made = reviews.here(connection, review)
    if made is None:
        raise LookupError("the review was just made")
    return _done(connection, made, "split")


def _same(
    connection: Connection, found: Review, wanted: Wanted, by: By, waiting: Sequence[Waiting]
) -> Done:
    _must_be_open(found)
    ledger, other = Ledger(connection), found.other
    if other is None or other == found.person:
        raise _conflict("The review is not about two persons.")
    _must_not_be_apart(ledger, found.person, other)
    survivor = wanted.person or _longer_known(ledger, found.person, other)
    if survivor not in (found.person, other):
        raise _conflict("Only one of the two can answer for both.")
    absorbed = other if survivor == found.person else found.person
    join(ledger, absorbed, survivor)
    _keep(ledger, found, "same", by, joined=absorbed)
    return _done(connection, found, "same", *_replay(connection, waiting, by))


def _longer_known(ledger: Ledger, *persons: str) -> str:
    return min(persons, key=lambda one: (ledger.person(one)["created_at"], one))


def _link(
    connection: Connection, found: Review, wanted: Wanted, by: By, waiting: Sequence[Waiting]
) -> Done:
    """What waits is that person's; or, where nothing waits, a record of nobody known is.

    A payload about several people cannot be one person's, and goes on waiting.
    """
    ledger = Ledger(connection)
    if wanted.person is None:
        raise _conflict("Say whose it is.")
    person = ledger.answers(wanted.person)
    alone = [one for one in waiting if sum(len(mapped.people) for mapped in one.mapped) <= 1]
    if waiting and found.decision in (None, "different"):
        if not alone:
            raise _conflict("What waits is about several people: push its rows one by one.")
        filed = _file_under(ledger, person, alone, by)
    elif found.decision is None and found.other is None and person != found.person:
        _must_not_be_apart(ledger, found.person, person)
        filed = found.person, ()
        join(ledger, found.person, person)
    else:
        raise _conflict("Nothing waits for this review.")
    joined, records = filed
    _keep(ledger, found, "link", by, joined=joined)
    _release(connection, alone, by)
    return _done(connection, found, "link", records)


def _file_under(
    ledger: Ledger, person: str, waiting: Sequence[Waiting], by: By
) -> tuple[str, Sequence[Filed]]:
    """Under an id of their own, joined to the person, so that it can be taken back.

    Raises `Problem` (409) where a payload cannot be filed for another reason.
    """
    fresh = created(ledger, by.moment)
    join(ledger, fresh, person)
    filed: list[Filed] = []
    for one in waiting:
        results = file_all(ledger, one.push, one.mapped, Linked(person, fresh))
        if any(result["outcome"] == "quarantined" for result, _ in results):
            raise _conflict("A payload that waits cannot be filed: replay it to be told why.")
        filed += [record for _, records in results for record in records]
    return fresh, filed


def _undo(connection: Connection, found: Review, by: By) -> Done:
    if found.decision is None:
        raise _conflict("Nothing was decided.")
    *former, taken = reviews.standing(connection, found.id)
    ledger = Ledger(connection)
    theirs = [ledger.answers(taken.joined)] if taken.joined else []
    moved = Moved.parsed(taken.moved) if taken.moved else None
    if moved and not stands_alone(connection, moved):
        raise _conflict("They have been merged or split since; take that back first.")
    if taken.joined and not moved:
        part(ledger, taken.joined)
        if found.decision == "link" and taken.joined not in (found.person_id, found.person):
            pushes.review(ledger, taken.joined, None, TAKEN_BACK, by.moment)
    holds = former[-1].decision if former else None
    undo = Decision(found.version + 1, "undo", None, None, by.moment, by.who, by.entry)
    reviews.decide(ledger, found.id, undo, holds)
    ledger.write()
    if moved:
        unsplit(connection, moved)
    return _done(connection, found, "undo", concerned=theirs)


def _keep(ledger: Ledger, found: Review, decision: str, by: By, joined: str | None = None) -> None:
    version = found.version + 1
    taken = Decision(version, decision, joined, None, by.moment, by.who, by.entry)
    reviews.decide(ledger, found.id, taken, decision)
    ledger.write()


def _replay(
    connection: Connection, waiting: Sequence[Waiting], by: By
) -> tuple[list[Filed], Iterable[str]]:
    """What waited is filed as any other push, now that it is known who is who; and who else it is
    about."""
    ledger, filed = Ledger(connection), list[Filed]()
    for one in waiting:
        results = file_all(ledger, one.push, one.mapped)
        if all(result["outcome"] != "quarantined" for result, _ in results):
            _release(connection, [one], by)
        filed += [record for _, records in results for record in records]
    ledger.write()
    return filed, ledger.concerned


def _release(connection: Connection, waiting: Sequence[Waiting], by: By) -> None:
    for one in waiting:
        pushes.release(connection, one.quarantine, by.moment)


def _must_be_open(found: Review) -> None:
    if found.decision is not None:
        raise _conflict("It is decided; take that back first.")


def _must_not_be_apart(ledger: Ledger, one: str, other: str) -> None:
    if reviews.apart(ledger.connection, ledger.members(one), ledger.members(other)):
        raise _conflict("Somebody decided that they are two; take that back first.")


def _done(
    connection: Connection,
    found: Review,
    decision: str,
    filed: Sequence[Filed] = (),
    concerned: Iterable[str] = (),
) -> Done:
    """The answer, and for the audit entry everybody whom the decision touched: the two, whose
    records were filed with it, and who else is concerned."""
    now = reviews.here(connection, found.id) or found
    answering = [one for one in (now.person, now.other) if one]
    data = {
        "id": now.id,
        "decision": now.decision,
        "version": now.version,
        "persons": list(dict.fromkeys(answering)),
    }
    two = [one for one in (found.person, found.other, *answering) if one]
    return Done(
        status=200,
        body=orjson.dumps({"data": data}),
        outcome=OUTCOMES[decision],
        persons=list(dict.fromkeys([*two, *(f.person for f in filed), *concerned])),
        records=[{"id": f.record_id, "kind": f.kind.value, "version": f.version} for f in filed],
        headers={"ETag": f'"{now.state}"'},
    )


def _changed() -> Problem:
    return Problem(
        412,
        "review-changed",
        "The review is not as you saw it",
        "Somebody decided, or something arrived. Read it again and decide on what it says now.",
        outcome="conflict",
    )


def _conflict(detail: str) -> Problem:
    return Problem(409, "cannot-be-decided-so", "Cannot be decided so", detail, outcome="conflict")
