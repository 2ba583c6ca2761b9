"""Anybody's adapter: the example of `docs/write-an-adapter.md` is installed and used as a stranger
would, and one that cannot be used is named when the gateway starts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from adapters.base import Item
from adapters.installed import GROUP, AdapterPackageError, with_installed
from adapters.json_adapter import JsonAdapter
from adapters.registry import HOUSE
from adapters.writing import Line
from gateway.load.errors import LoadError
from gateway.load.stream import Cutter
from schemas.kinds import Kind

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "adapter"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as `pip install` leaves it."""
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check", "--no-cache-dir"]
    subprocess.run([*command, "--target", target, EXAMPLE], check=True)
    return target


def run(first: Path, *command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command of this Python that finds what is in `first` before anything else."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(first), str(ROOT)])}
    environ = {name: value for name, value in environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, *map(str, command)],
        env=environ,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_passes_the_suite_that_the_house_is_held_to(installed: Path) -> None:
    told = run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=EXAMPLE)
    assert told.returncode == 0, told.stdout
    assert "skipped" not in told.stdout
    assert "failed" not in told.stdout


GATEWAY = """
import json, sys
from pathlib import Path
from gateway.demo.cast import SYSTEMS
SYSTEMS["housing-systems"] = ("housing", ("housing",))
from tests.gateway.world import Gateway

sample = json.loads(Path(sys.argv[2]).read_bytes())
with Gateway.running(Path(sys.argv[1]), people=2) as gateway:
    sample["tenant"]["crn"] = gateway.hero.crn
    taken = gateway.push("housing", json.dumps(sample).encode())
    refused = gateway.push("housing", b'{"tenants": []}')
    form = f"/v1/persons/crn:{gateway.hero.crn}/exports/housing/tenancies.json"
    asked = gateway.responsible("PP").get(form)
    print(json.dumps([taken.json(), refused.json(), asked.status_code]))
"""


def test_a_gateway_takes_what_the_example_maps(installed: Path, tmp_path: Path) -> None:
    """Its form is nobody's until a policy names the system."""
    sample = installed / "housing_adapter" / "samples" / "tenancies.json"
    told = run(installed, "-c", GATEWAY, tmp_path / "data", sample)
    assert told.returncode == 0, told.stderr
    taken, refused, asked = json.loads(told.stdout.splitlines()[-1])
    assert "created" in json.dumps(taken)
    assert "unsupported-shape" in json.dumps(refused)
    assert asked == 403


def test_the_gateway_says_in_one_sentence_which_adapter_it_cannot_use(tmp_path: Path) -> None:
    told = tmp_path / "county_register-2.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: county-register\nVersion: 2.0\n")
    (told / "entry_points.txt").write_text(f"[{GROUP}]\ncounty = county_register:ADAPTER\n")
    answer = run(tmp_path, "-m", "gateway", "staff")
    assert answer.returncode == 1
    assert answer.stderr == (
        "mappa-gateway: the installed adapter county of the package county-register cannot be "
        "used: it does not load (ModuleNotFoundError: No module named 'county_register'). Mend or "
        "uninstall it; the gateway does not start without it.\n"
    )


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, GROUP)


class Odd:
    """What is almost an adapter."""

    system, version = "odd", "1"
    media_types, exports = ("application/json",), ()
    lines = (
        Line(Kind.PERSON, "shoeSize", "shoes"),
        Line(cast(Kind, "tenancy"), "rent", "rent"),
    )

    def split(self) -> None:
        """As an adapter's, but for what it takes."""

    def read(self) -> None:
        """As an adapter's, but for what it takes."""


ODD = Odd()


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (entry("cpr", "adapters.cpr:ADAPTER"), "another adapter of that name"),
        (entry("police", "adapters.cpr:ADAPTER"), "must be the same name"),
        (entry("odd", "adapters.cpr:MISSING"), "does not load"),
        (entry("odd", "adapters.registry:GROUP"), "is no adapter: it lacks version"),
        (entry("odd", f"{__name__}:ODD"), "no record has: person.shoeSize, tenancy.rent"),
    ],
)
def test_an_adapter_that_cannot_be_used_is_never_left_out_in_silence(
    found: EntryPoint, says: str
) -> None:
    with pytest.raises(AdapterPackageError, match=says):
        with_installed(HOUSE, [found])


def test_an_adapter_that_can_be_used_stands_beside_those_of_the_house() -> None:
    house = {system: one for system, one in HOUSE.items() if system != "cpr"}
    found = with_installed(house, [entry("cpr", "adapters.cpr:ADAPTER")])
    assert found == house | {"cpr": HOUSE["cpr"]}


class Lines(JsonAdapter):
    """Cuts a file of its own sort while it is read."""

    def items(self, file: BinaryIO) -> Iterator[Item]:
        """Each line is a payload."""
        return map(Item, file)


def test_a_file_longer_than_a_body_is_cut_by_an_adapter_that_has_items() -> None:
    raw = b"one\ntwo\nthree\n"
    found = Cutter(Lines("county", []), longest=8).payloads(BytesIO(raw), "people.txt")
    assert [one.item.raw for one in found] == [b"one\n", b"two\n", b"three\n"]
    with pytest.raises(LoadError, match="longer than 8 bytes"):
        list(Cutter(JsonAdapter("county", []), longest=8).payloads(BytesIO(raw), "people.txt"))
