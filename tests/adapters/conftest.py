"""The plugin that everybody's adapters are tested with, and what our formats cannot hold."""

import pytest

from adapters.testing.roundtrip import Narrowed
from tests.adapters.narrowing import NARROWED


@pytest.fixture(scope="session")
def narrowed() -> dict[str, Narrowed]:
    """Narrower values, by system."""
    return NARROWED
