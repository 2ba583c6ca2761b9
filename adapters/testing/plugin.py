"""The pytest plugin: runs the tests of `adapters.testing.suite` over the adapters to be tested.

In `conftest.py`: `pytest_plugins = ["adapters.testing.plugin"]`; in a test module:
`from adapters.testing.suite import *`. The setting `gateway_adapters` names the systems; without
it, every adapter of the house and every installed one is tested.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

pytest.register_assert_rewrite(
    "adapters.testing.tested",
    "adapters.testing.understood",
    "adapters.testing.refused",
    "adapters.testing.written",
)

from adapters.registry import ADAPTERS  # noqa: E402
from adapters.testing.roundtrip import Narrowed  # noqa: E402
from adapters.testing.tested import Candidate, Sample  # noqa: E402
from adapters.testing.written import Written, forms  # noqa: E402

SETTING = "gateway_adapters"


def _samples(*suffixes: str) -> Callable[[Candidate], Iterable[Sample]]:
    return lambda tested: tested.samples(*suffixes)


_WHAT: dict[str, Callable[[Candidate], Iterable[Any]]] = {
    "tested": lambda tested: [tested],
    "tested_json": lambda tested: [tested] if tested.samples(".json") else [],
    "tested_codes": lambda tested: [tested] if tested.unknown_code else [],
    "tested_lines": lambda tested: [tested] if tested.adapter.lines else [],
    "any_sample": _samples(),
    "marked_sample": _samples(".json", ".xml"),
    "whole_sample": _samples(".json", ".xml", ".docx"),
    "form": forms,
    "readable_form": lambda tested: [one for one in forms(tested) if one.export.readable],
}
"""What a test of the suite asks for by the name of its argument."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting that names the systems to test."""
    parser.addini(SETTING, "the adapters to test (all of them where not set)", type="linelist")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of the suite over what it asks for."""
    if not metafunc.function.__module__.startswith("adapters.testing."):
        return
    systems = metafunc.config.getini(SETTING) or sorted(ADAPTERS)
    for name in _WHAT.keys() & set(metafunc.fixturenames):
        found = [one for system in systems for one in _WHAT[name](Candidate.of(system))]
        metafunc.parametrize(name, found, ids=_named)


def _named(one: Candidate | Sample | Written) -> str:
    match one:
        case Candidate():
            return one.system
        case Sample():
            return f"{one.tested.system}/{one.file.name}"
        case Written():
            return f"{one.tested.system}/{one.export.name}"


@pytest.fixture(scope="session")
def narrowed() -> dict[str, Narrowed]:
    """Override it in `conftest.py` where a format holds fewer values than a canonical field."""
    return {}
