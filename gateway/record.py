"""Writing the audit entry of an exchange, sealed and salted, beside its search columns."""

import secrets
from typing import Any

from sqlalchemy import Connection

from audit.entry import canonical_json
from gateway.clock import stamp
from gateway.exchange import Exchange
from gateway.store import entries

SALT_BYTES = 32


class Recorder:
    """Turns exchanges into entries under one policy version."""

    def __init__(self, policy_version: str) -> None:
        self.policy_version = policy_version

    def write(self, connection: Connection, exchange: Exchange, outcome: str, status: int) -> int:
        """Append the entry in the caller's transaction; returns its sequence number."""
        entry = self.entry(exchange, outcome, status)
        row = {
            "id": entry["id"],
            "time": entry["time"],
            "agency": entry["agency"],
            "client": entry["client"],
            "staff": entry["staff"],
            "operation": entry["operation"],
            "outcome": outcome,
            "salt": secrets.token_bytes(SALT_BYTES),
            "sealed": canonical_json(entry),
        }
        return entries.append(connection, row, exchange.persons)

    def entry(self, exchange: Exchange, outcome: str, status: int) -> dict[str, Any]:
        """The entry in the terms of DPA 2018 s62: who, when, what, about whom, why, decided how."""
        principal, declaration = exchange.principal, exchange.declaration
        return {
            "id": exchange.entry_id,
            "time": stamp(exchange.started),
            "operation": exchange.operation,
            "agency": principal.agency,
            "client": principal.client,
            "staff": principal.staff,
            "roles": list(principal.roles),
            "recipient": principal.agency if exchange.released else None,
            "action": exchange.action.value if exchange.action else None,
            "kind": declaration.kind,
            "persons": list(dict.fromkeys(exchange.persons)),
            "records": exchange.records,
            "purpose": exchange.purpose,
            "justification": exchange.justification,
            "decision": exchange.decision,
            "outcome": outcome,
            "status": status,
            "rules": exchange.rules,
            "policy": self.policy_version,
            "released": exchange.released,
            "withheld": exchange.withheld,
            "trace": exchange.trace,
        }
