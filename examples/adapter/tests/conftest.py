"""The gateway's own test plugin, and what the format cannot hold."""

import pytest

from adapters.testing.roundtrip import Narrowed
from adapters.testing.values import identifiers
from schemas.identifiers import Scheme

pytest_plugins = ["adapters.testing.plugin"]


@pytest.fixture(scope="session")
def narrowed() -> dict[str, Narrowed]:
    """The register knows a tenant by the case reference number alone."""
    return {"housing": Narrowed({"person.identifiers": identifiers(Scheme.CRN)})}
