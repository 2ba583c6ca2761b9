"""Filing a file batch by batch: records, rejects, progress and audit entry in one transaction."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from audit.entry import Entry
from gateway.account import account
from gateway.clock import now, stamp
from gateway.exchange import entry_id
from gateway.ingest.apply import Filed
from gateway.ingest.push import Mapped, Push, file_all
from gateway.load import rejects
from gateway.load.counts import Counts
from gateway.load.errors import LoadError
from gateway.load.rejects import RejectsFile
from gateway.load.stream import Payload
from gateway.record import seal
from gateway.store import loads, pushes
from gateway.store.base import Store
from gateway.store.entries import NewEntry
from gateway.store.ledger import Ledger
from gateway.store.loads import Key, State
from policies.actions import Action
from policies.purposes import Purpose

CLIENT = "mappa-gateway load"
Results = list[tuple[dict[str, Any], list[Filed]]]


class Batch(NamedTuple):
    """Payloads after their adapter."""

    payloads: Sequence[Payload]
    mapped: Sequence[Mapped]


class Operator(NamedTuple):
    """Who loads, for which agency, why, and the policy set of that day: for the audit log."""

    agency: str
    staff: str
    justification: str
    policy: str

    def entry(self, name: str, results: Results, concerned: Iterable[str]) -> Entry:
        """The audit entry `name` of a batch, with those whom it is about although nothing of theirs
        was filed. Whoever may run this command may do all, so no rule was asked."""
        filed = [one for _, parts in results for one in parts]
        refused = all(result["outcome"] == "quarantined" for result, _ in results)
        return {
            "id": name,
            "time": stamp(now()),
            "operation": "collection",
            "agency": self.agency,
            "client": f"{CLIENT} ({account()})",
            "staff": self.staff,
            "roles": [],
            "recipient": None,
            "action": Action.PUSH.value,
            "kind": "ingest",
            "form": None,
            "persons": list(dict.fromkeys([*(one.person for one in filed), *concerned])),
            "records": [
                {"id": one.record_id, "kind": one.kind.value, "version": one.version}
                for one in filed
            ],
            "purpose": Purpose.SYSTEM_UPDATE.value,
            "justification": self.justification,
            "decision": "not-applicable",
            "outcome": "quarantined" if refused else "pushed",
            "status": 422 if refused else 200,
            "rules": [],
            "policy": self.policy,
            "released": [],
            "withheld": [],
            "trace": None,
        }


class Filing(ABC):
    """Where the batches of one file go. `position` payloads of it are done."""

    position: int
    counts: Counts
    finished_at: str | None = None

    @abstractmethod
    async def file(self, batch: Batch) -> None:
        """Take a batch, wholly or not at all."""

    @abstractmethod
    async def finish(self) -> None:
        """There is no more."""


class Trial(Filing):
    """Says what would happen. Each batch is held against the store as it is; nothing is written."""

    def __init__(self, connection: Connection, push: Push) -> None:
        self._connection, self._push = connection, push
        self.position, self.counts = 0, Counts()

    async def file(self, batch: Batch) -> None:
        """Decide, and forget."""
        results = file_all(Ledger(self._connection), self._push, batch.mapped)
        self.counts = self.counts.plus(results)
        self.position += len(batch.mapped)

    async def finish(self) -> None:
        """Nothing is left behind."""


class Conversion(Filing):
    """Files for good, and knows after any interruption how far it got."""

    def __init__(self, store: Store, push: Push, key: Key, operator: Operator) -> None:
        self._store, self._push, self._key, self._operator = store, push, key, operator
        self._rejects: RejectsFile
        self._state: State

    async def begin(self, path: Path, *, again: bool) -> None:
        """Go on where the file was left, or begin, or begin `again`; rejects go to `path`.

        Raises `LoadError` where another version of the adapter began: its count of payloads may
        mean another place.
        """
        version = self._push.adapter.version
        state = await self._store.write(lambda connection, _: loads.state(connection, self._key))
        if state is None or again:
            self._rejects = RejectsFile(path, 0, new=True)
            moment = stamp(now())
            state = await self._store.write(lambda c, _: loads.begin(c, self._key, moment, version))
        elif not state.finished_at:
            if state.version != version:
                raise LoadError(
                    f"version {state.version or 'unknown'} of the adapter began this file, and"
                    f" this is {version}: begin again with --again (nothing is filed twice)"
                )
            self._rejects = RejectsFile(path, state.rejects_size, new=False)
        self._keep(state)

    def _keep(self, state: State) -> None:
        self._state, self.finished_at = state, state.finished_at
        self.position, self.counts = state.position, Counts.parsed(state.counts)

    async def file(self, batch: Batch) -> None:
        """One transaction: all of the batch, or nothing of it. Raises `StoreUnavailableError`,
        `OSError` (the rejects file), and `LoadError` where another process loads the same."""
        state = await self._store.write(self._job(batch))
        self._keep(state)
        self._rejects.size = state.rejects_size

    async def finish(self) -> None:
        """Note that all of the file is done."""
        done = self._state._replace(finished_at=stamp(now()))
        await self._store.write(lambda connection, _: self._advance(connection, done))

    def _job(self, batch: Batch) -> Callable[[Connection, list[NewEntry]], State]:
        def job(connection: Connection, new: list[NewEntry]) -> State:
            self._advance(connection, self._state)  # ours until the commit: the rejects file too
            ledger, entry = Ledger(connection), entry_id(now())
            results = file_all(ledger, replace(self._push, entry=entry), batch.mapped)
            ledger.write()
            _release(connection, batch, results)
            state = self._state._replace(
                position=self.position + len(batch.mapped),
                rejects_size=self._rejects.write(self._refused(batch, results)),
                counts=self.counts.plus(results).text(),
            )
            self._advance(connection, state)
            new.append(seal(self._operator.entry(entry, results, ledger.concerned)))
            return state

        return job

    def _advance(self, connection: Connection, state: State) -> None:
        if not loads.advance(connection, self._key, self._state.position, state):
            raise LoadError("another process is loading the same file; let it finish")

    def _refused(self, batch: Batch, results: Results) -> list[bytes]:
        lines = []
        for number, (payload, mapped, (result, _)) in enumerate(
            zip(batch.payloads, batch.mapped, results, strict=True), self.position + 1
        ):
            if result["outcome"] == "quarantined":
                where = {"payload": number} | ({"member": payload.member} if payload.member else {})
                about = where | result["reason"] | {"quarantine": result["quarantine"]}
                lines.append(rejects.line(mapped.item, about))
        return lines


def _release(connection: Connection, batch: Batch, results: Results) -> None:
    """What was mended leaves the quarantine."""
    for payload, (result, _) in zip(batch.payloads, results, strict=True):
        if payload.kept and result["outcome"] != "quarantined":
            pushes.release(connection, payload.kept, stamp(now()))
