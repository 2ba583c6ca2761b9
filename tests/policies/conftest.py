"""The policies as shipped, loaded once."""

import pytest

from policies.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.load()
