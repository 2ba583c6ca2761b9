"""Every rule an adapter is held to. `from adapters.testing.suite import *` in a test module."""

from adapters.testing.refused import *  # noqa: F403
from adapters.testing.understood import *  # noqa: F403
from adapters.testing.written import *  # noqa: F403
