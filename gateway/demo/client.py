"""A client of the gateway as agencies write one: a token for each member of staff, real calls."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gateway.auth.directory import Staff
from gateway.auth.keys import client_assertion, load_key
from gateway.demo.cast import DESKS, SYSTEMS
from gateway.services import demo_address

KEYS = "demo-keys"


@dataclass
class Agent:
    """Calls the gateway at `base_url` for one client, and for one member of staff if named."""

    http: httpx.Client
    base_url: str
    data_dir: Path
    client_id: str
    staff: str | None = None
    purpose: str = "mappa-management"
    _token: str = ""
    _until: float = 0.0

    def token(self) -> str:
        """A token from the token endpoint, fetched anew shortly before it expires."""
        if time.monotonic() > self._until:
            key = load_key(self.data_dir / KEYS / f"{self.client_id}.json")
            endpoint = f"{self.base_url}/oauth/token"
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": client_assertion(self.client_id, key, endpoint),
            }
            answer = self.http.post(
                endpoint, data=form | ({"staff": self.staff} if self.staff else {})
            )
            answer.raise_for_status()
            granted = answer.json()
            self._token = granted["access_token"]
            self._until = time.monotonic() + granted["expires_in"] - 60
        return self._token

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request, with its token and purpose."""
        headers = {
            "Authorization": f"Bearer {self.token()}",
            "Purpose-Of-Use": self.purpose,
        } | options.pop("headers", {})
        return self.http.request(method, self.base_url + path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """A read."""
        return self.call("GET", path, **options)

    def push(self, system: str, body: bytes) -> httpx.Response:
        """A push; raises where the gateway took nothing."""
        media_type = "application/xml" if system == "visor" else "application/json"
        headers = {"Content-Type": media_type, "Purpose-Of-Use": "system-update"}
        answer = self.call("POST", f"/v1/ingest/{system}", content=body, headers=headers)
        answer.raise_for_status()
        return answer


def desk(http: httpx.Client, base_url: str, data_dir: Path, member: Staff, purpose: str) -> Agent:
    """An agent for one member of staff at their agency's client."""
    client = next(name for name, agency in DESKS.items() if agency == member.agency)
    return Agent(http, base_url, data_dir, client, member.id, purpose)


def push_file(data_dir: Path, system: str, body: bytes, subject: str) -> httpx.Response:
    """Push to the running demo as the client registered for `system`. Raises `LookupError`."""
    client = next((name for name, (_, held) in SYSTEMS.items() if system in held), None)
    if client is None:
        raise LookupError("no such system; see mappa-gateway push --help")
    with httpx.Client(timeout=60) as http:
        agent = Agent(http, demo_address(data_dir), data_dir, client, purpose="system-update")
        headers = {"Subject": subject} if subject else {}
        try:
            return agent.call("POST", f"/v1/ingest/{system}", content=body, headers=headers)
        except httpx.TransportError:
            raise LookupError(f"no demo answers at {agent.base_url}; is it running?") from None
