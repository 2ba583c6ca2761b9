"""`mappa-gateway identity propose`: ask about those who may be one person. Nothing is merged."""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import orjson
from sqlalchemy import Connection

from audit.entry import Entry
from gateway.account import account
from gateway.clock import now, stamp
from gateway.exchange import entry_id
from gateway.identity import linkage
from gateway.identity.describe import Described, described
from gateway.identity.linkage import Pair
from gateway.identity.weights import LOWER, UPPER
from gateway.record import seal
from gateway.services import opened
from gateway.settings import Settings
from gateway.store import identity, pushes
from gateway.store.entries import NewEntry
from gateway.store.ledger import Ledger

CLIENT = "mappa-gateway identity propose"
PROBABLY, POSSIBLY = "probably-one-person", "possibly-one-person"
AT_ONCE = 100
"""Reviews in one transaction, each with both persons in its audit entry."""


class Proposed(NamedTuple):
    """How many pairs were found, and how many of them nobody had been asked about."""

    found: int
    asked: int


def run(settings: Settings, staff: str, limit: int, *, possible: bool) -> Proposed:
    """Open a review for each pair above the threshold, the weightiest first, at most `limit`.

    Raises `LinkageUnavailableError` where the extra is not installed.
    """
    return asyncio.run(_run(settings, staff, limit, LOWER if possible else UPPER))


async def _run(settings: Settings, staff: str, limit: int, at_least: float) -> Proposed:
    async with opened(settings) as services:
        engine = services.store.engine

        def find() -> list[Pair]:
            with engine.connect() as connection:
                people = list(_people(connection))
            # Comparing takes longer than a transaction may be left open.
            return linkage.pairs(people, at_least)

        pairs = await asyncio.to_thread(find)
        policy, asked = services.pipeline.engine.version, 0
        for start in range(0, len(pairs), AT_ONCE):
            batch = pairs[start : start + AT_ONCE]
            job = partial(_ask, pairs=batch, most=limit - asked, staff=staff, policy=policy)
            asked += await services.store.write(job)
            if asked >= limit:
                break
        return Proposed(len(pairs), asked)


def _people(connection: Connection) -> Iterator[Described]:
    """Everybody who answers for themselves, as their person record describes them now."""
    for person, body in identity.described(connection):
        yield described(person, orjson.loads(body))


def _ask(
    connection: Connection,
    new: list[NewEntry],
    pairs: Sequence[Pair],
    most: int,
    staff: str,
    policy: str,
) -> int:
    """Open the reviews that are new, and record whom they are about."""
    ledger, moment = Ledger(connection), stamp(now())
    fresh = [pair for pair in pairs if not _asked(ledger, pair)][:most]
    for pair in fresh:
        reason = PROBABLY if pair.weight >= UPPER else POSSIBLY
        told = [part._asdict() for part in pair.evidence]
        found = {"weight": pair.weight, "evidence": orjson.dumps(told).decode()}
        pushes.review(ledger, pair.first, pair.second, reason, moment, **found)
    ledger.write()
    if fresh:
        persons = [one for pair in fresh for one in (pair.first, pair.second)]
        new.append(seal(_entry(persons, staff, policy)))
    return len(fresh)


def _asked(ledger: Ledger, pair: Pair) -> bool:
    """Whether anybody was asked about these two, or those who are one with them."""
    ones, others = ledger.members(pair.first), ledger.members(pair.second)
    return identity.asked(ledger.connection, ones, others)


def _entry(persons: Sequence[str], staff: str, policy: str) -> Entry:
    moment = now()
    return {
        "id": entry_id(moment),
        "time": stamp(moment),
        "operation": "combination",
        "agency": "mappa",
        "client": f"{CLIENT} ({account()})",
        "staff": staff,
        "roles": [],
        "recipient": None,
        "action": None,
        "kind": "identity-reviews",
        "form": None,
        "persons": list(dict.fromkeys(persons)),
        "records": [],
        "purpose": "data-protection",
        "justification": None,
        "decision": "not-applicable",
        "outcome": "proposed",
        "status": 200,
        "rules": [],
        "policy": policy,
        "released": [],
        "withheld": [],
        "trace": None,
    }
