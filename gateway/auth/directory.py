"""Staff and clients of the embedded issuer, as JSON files in the data directory."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

STAFF_FILE = "staff.json"
CLIENTS_FILE = "clients.json"


class Staff(BaseModel):
    """A member of staff as an agency's identity provider would know them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    roles: tuple[str, ...]
    agency: str
    unit: str | None = None
    area: str | None = None
    vetting: str | None = None
    email: str | None = None


class Client(BaseModel):
    """A registered client: its agency, public keys, own roles, and systems it pushes for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    agency: str
    jwks: dict[str, Any]
    systems: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


_STAFF = TypeAdapter(list[Staff])
_CLIENTS = TypeAdapter(list[Client])


class Directory:
    """Everybody the embedded issuer may issue a token for. Empty where no file is there."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self.staff: list[Staff] = self._read(STAFF_FILE, _STAFF)
        self.clients: list[Client] = self._read(CLIENTS_FILE, _CLIENTS)

    def save(self, staff: Sequence[Staff], clients: Sequence[Client]) -> None:
        """Replace both files."""
        self.staff, self.clients = list(staff), list(clients)
        self._write(STAFF_FILE, [one.model_dump(mode="json") for one in staff])
        self._write(CLIENTS_FILE, [one.model_dump(mode="json") for one in clients])

    def member(self, staff_id: str) -> Staff:
        """A member of staff by id. Raises `LookupError` that says how to find one."""
        for one in self.staff:
            if one.id == staff_id:
                return one
        raise LookupError("no such member of staff; `mappa-gateway staff` lists them")

    def client(self, client_id: str) -> Client | None:
        """A client by id."""
        return next((one for one in self.clients if one.id == client_id), None)

    def _read(self, name: str, adapter: TypeAdapter[list[Any]]) -> list[Any]:
        path = self._data_dir / name
        try:
            return adapter.validate_json(path.read_bytes())
        except FileNotFoundError:
            return []
        except ValidationError as error:
            raise ValueError(f"{path} is not as expected: {error.errors()[0]['msg']}") from None

    def _write(self, name: str, content: Any) -> None:
        path = self._data_dir / name
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(content, indent=2), encoding="utf-8")
        beside.replace(path)
