"""What is deployed stays in step with the code: names, files, paths and promises."""

import configparser
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from audit.keyfile import load_signer
from audit.note import Verifier
from gateway.settings import PREFIX, Settings
from gateway.store.postgres import LIMITS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KINDS = {"", ".cfg", ".dockerignore", ".md", ".py", ".service", ".sh", ".sql", ".timer", ".yaml"}
FILES = sorted(path for path in DEPLOY.rglob("[!.]*") if path.is_file() and path.suffix in KINDS)
UNITS = [path for path in FILES if path.parent.name == "systemd"]
Compose = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> Compose:
    """`compose.yaml`, its merges done."""
    text: Compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return text


class Asked(dict[str, str]):
    """An environment that remembers what was looked for in it."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return default


def test_every_variable_that_is_set_is_one_that_the_gateway_reads() -> None:
    asked = Asked()
    Settings.from_environment(asked)
    named = {name for file in FILES for name in re.findall(rf"{PREFIX}[A-Z_]+", file.read_text())}
    assert {f"{PREFIX}DATABASE_URL", f"{PREFIX}DATA_DIR"} <= named - {PREFIX}
    assert named - {PREFIX} <= asked.names


def test_what_the_services_are_made_from_exists(compose: Compose) -> None:
    for service in compose["services"].values():
        if build := service.get("build"):
            context = (DEPLOY / build["context"]).resolve()
            assert context == ROOT
            assert (context / build["dockerfile"]).is_file()
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).is_file()
            else:
                assert source in compose["volumes"]
        for secret in service["secrets"]:
            assert (secret if isinstance(secret, str) else secret["source"]) in compose["secrets"]
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service.get("depends_on", {})) <= set(compose["services"])


def test_two_gateways_share_a_database_and_a_key_and_nothing_else(compose: Compose) -> None:
    one, two = compose["services"]["gateway-1"], compose["services"]["gateway-2"]
    for shared in ("environment", "secrets", "command", "image"):
        assert one[shared] == two[shared]
    assert set(one["volumes"]).isdisjoint(two["volumes"])
    assert {"source": "log.skey", "target": "/data/keys/log.skey"} in one["secrets"]
    assert "gateway-1" in two["depends_on"], "one of them brings the tables up to date"


def test_health_is_asked_of_what_can_record(compose: Compose) -> None:
    paths = subprocess.run(
        [sys.executable, "-m", "gateway", "openapi"], capture_output=True, text=True, check=True
    ).stdout
    assert '"/health/ready"' in paths
    for name in ("gateway-1", "gateway-2"):
        assert "/health/ready" in compose["services"][name]["healthcheck"]["test"][-1]
    assert "httpchk GET /health/ready" in (DEPLOY / "haproxy.cfg").read_text()


def test_nothing_secret_is_written_down(compose: Compose) -> None:
    for service in compose["services"].values():
        for value in service["environment"].values():
            assert not re.search(r"://[^/@\s]+:[^/@\s]+@", value), "a password in a URL"
    for secret in compose["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert "secrets/" in (DEPLOY / ".gitignore").read_text().splitlines()


def test_the_proxy_logs_no_url_header_or_address() -> None:
    proxy = (DEPLOY / "haproxy.cfg").read_text()
    directives = [line.split("#")[0].strip() for line in proxy.splitlines()]
    (log_format,) = (line for line in directives if line.startswith("log-format"))
    assert not re.search(r"%(r|HU|HP|HPO|HQ|hr|hs|ci|b?i)\b|capture", log_format)
    assert not {"option httplog", "option tcplog"} & set(directives)


def test_an_answer_passes_the_proxy_once_and_unchanged() -> None:
    proxy = (DEPLOY / "haproxy.cfg").read_text()
    assert re.findall(r"retry-on (.*)", proxy) == ["conn-failure"]
    assert "hdr retry-after" in re.findall(r"http-error status 503 .*", proxy)[0]
    assert "del-header" not in proxy


def test_the_image_holds_every_room_and_only_what_is_pinned() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    rooms = {line.split()[1].rstrip("/") for line in lines if line.startswith("COPY")}
    pyproject = (ROOT / "pyproject.toml").read_text()
    packages = re.search(r"packages = \[(.*?)\]", pyproject)
    assert packages
    assert rooms == {*re.findall(r'"(\w+)"', packages[1]), "requirements.lock"}
    (install,) = (line for line in lines if "pip install" in line)
    assert "--require-hashes" in install
    assert "USER mappa" in lines
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert {line[1:].rstrip("/") for line in kept if line.startswith("!")} == rooms


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_can_be_read_and_is_confined(path: Path) -> None:
    unit = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(re.sub(r"\\\n\s*", "", path.read_text()))
    if path.suffix == ".timer":
        assert (path.with_suffix(".service")).is_file()
        return
    service = unit["Service"]
    assert service["User"] == "mappa-gateway"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["UMask"] == "0077"


def test_commands_of_units_are_ones_we_have() -> None:
    started = (DEPLOY / "systemd" / "mappa-gateway.service").read_text()
    command = re.search(r"ExecStart=\S+/(mappa-gateway) (serve) (.*)", started)
    assert command
    for name, module in (("serve", "gateway"), ("", "audit.verify")):
        shown = subprocess.run(
            [sys.executable, "-m", module, *([name] if name else []), "--help"],
            capture_output=True,
            text=True,
            check=True,
            env={"COLUMNS": "200", "NO_COLOR": "1"},
        ).stdout
        used = command[3] if name else (DEPLOY / "systemd/mappa-log-verify.service").read_text()
        flags = set(re.findall(r"(?<= )--[a-z-]+", used))
        assert flags
        assert all(flag in shown for flag in flags)


def make_secrets(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import runpy, sys; from pathlib import Path; m = runpy.run_path(sys.argv[1]); "
    code += "m['main'](Path(sys.argv[2]), 'log.example/log')"
    return subprocess.run(
        [sys.executable, "-c", code, str(DEPLOY / "make_secrets.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_secrets_are_made_once_private_and_complete(tmp_path: Path, compose: Compose) -> None:
    folder = tmp_path / "secrets"
    assert make_secrets(folder).returncode == 0
    for secret in compose["secrets"].values():
        made = folder / Path(secret["file"]).name
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
    signer = load_signer(folder / "log.skey")
    assert Verifier.parse((folder / "log.vkey").read_text().strip()) == signer.verifier
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = make_secrets(folder)
    assert "FileExistsError" in again.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_page_speaks_of_files_that_exist() -> None:
    page = (DEPLOY / "high-availability.md").read_text()
    for target in re.findall(r"\]\(([^)#:]+)\)", page):
        assert (DEPLOY / target).exists(), target


def test_the_page_names_the_limits_that_are_set() -> None:
    page = (DEPLOY / "high-availability.md").read_text()
    for name, value in LIMITS.items():
        assert f"| `{name}` | {value} |" in page
