"""The rules that every adapter of the gateway is held to."""

from adapters.testing.suite import *  # noqa: F403
