"""The story: one case, every agency, told with real calls to the running gateway."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from gateway.demo.cast import AREAS, SYSTEMS, staff
from gateway.demo.client import Agent, desk
from gateway.demo.payloads import batch, cvl_licence, oasys_plan
from gateway.demo.people import Character
from gateway.integrator import log_directory

END_OF_STORY = "End of the story"


class Story:
    """Each chapter makes its calls, prints what came back, and checks that it came true."""

    def __init__(
        self,
        http: httpx.Client,
        base_url: str,
        data_dir: Path,
        hero: Character,
        console: Console,
    ) -> None:
        self.http, self.base_url, self.data_dir = http, base_url, data_dir
        self.hero, self.console = hero, console
        self.ref = f"/v1/persons/crn:{hero.crn}"
        self.started = time.time()

    def tell(self) -> None:
        """All chapters in order. Raises `AssertionError` at a promise not kept."""
        chapters: Sequence[tuple[str, Callable[[], None]]] = (
            ("Probation pushes a plan and a licence", self._push),
            ("The police officer reads both at once", self._police),
            ("The prison reads minutes of a meeting it did not attend", self._prison),
            ("The victim liaison officer sees only what a victim may be told", self._victim),
            ("An officer from another area", self._stranger),
            ("The auditor lists all of it, and the log verifies", self._auditor),
            ("Somebody changes one byte", self._tamper),
        )
        for number, (title, chapter) in enumerate(chapters, start=1):
            self.console.print()
            self.console.rule(f"[bold]{number}. {title}", align="left")
            chapter()
        self.console.print()
        self.console.print(Panel(f"[bold green]{END_OF_STORY}[/]: every promise above was kept."))

    def _agent(self, staff_id: str, purpose: str) -> Agent:
        member = next(one for one in staff() if one.id == staff_id)
        return desk(self.http, self.base_url, self.data_dir, member, purpose)

    def _expect(self, truth: bool, promise: str) -> None:
        if not truth:
            raise AssertionError(f"promise not kept: {promise}")
        self.console.print(f"  [green]✓[/] {promise}")

    def _show(self, agent: Agent, answer: httpx.Response) -> None:
        who = agent.staff or agent.client_id
        request = answer.request
        path = request.url.path
        colour = "green" if answer.status_code < 300 else "yellow"
        self.console.print(
            f"  [cyan]{who}[/] ({request.headers['purpose-of-use']}) {request.method} {path} "
            f"→ [{colour}]{answer.status_code}[/]"
        )

    def _push(self) -> None:
        later = self.hero.today.isoformat()
        plan = oasys_plan(self.hero)
        plan["assessments"][0] |= {
            "assessmentPk": 7_000_000,
            "dateCompleted": f"{later}T00:00:01",
            "supervision": "Now twice weekly, after a change in circumstances.",
        }
        licence = cvl_licence(self.hero) | {"updatedDateTime": f"{later}T00:00:01"}
        for system, payload in (("oasys", plan), ("cvl", licence)):
            client = next(name for name, (_, held) in SYSTEMS.items() if system in held)
            agent = Agent(self.http, self.base_url, self.data_dir, client)
            answer = agent.push(system, batch(system, [payload]))
            self._show(agent, answer)
            self.console.print(f"    {system}: {answer.json()['items'][0]['outcome']}")

    def _police(self) -> None:
        officer = self._agent(self.hero.staff("OM"), "mappa-management")
        plan = officer.get(f"{self.ref}/risk-management-plan")
        self._show(officer, plan)
        self.console.print(f"    supervision: [italic]{plan.json()['data']['supervision']}")
        self._expect("twice weekly" in plan.json()["data"]["supervision"], "the new plan is there")
        licence = officer.get(f"{self.ref}/licence-conditions")
        self._show(officer, licence)
        for condition in licence.json()["data"]["conditions"]:
            self.console.print(f"    {condition['type']}: [italic]{condition['text']}")
        self._expect(licence.status_code == 200, "and so is every licence condition")

    def _prison(self) -> None:
        manager = self._agent(self.hero.staff("POM"), "mappa-management")
        answer = manager.get(f"{self.ref}/mappa-minutes")
        self._show(manager, answer)
        minutes = answer.json()["data"][0]["record"]
        absent = [a["agency"] for a in minutes["attendance"] if a["presence"] == "absent"]
        self.console.print(f"    meeting of {minutes['meetingDate']}, absent: {', '.join(absent)}")
        for action in minutes["actions"]:
            self.console.print(f"    action for {action['agency']}: [italic]{action['action']}")
        self._expect("prison" in absent and bool(minutes["actions"]), "the minutes arrived anyway")

    def _victim(self) -> None:
        vlo = self._agent(self.hero.staff("VLO"), "victim-contact")
        answer = vlo.get(f"{self.ref}/licence-conditions")
        self._show(vlo, answer)
        for condition in answer.json()["data"]["conditions"]:
            text = condition.get("text", "a zone exists; where is not said")
            self.console.print(f"    {condition['type']}: [italic]{text}")
        table = Table("withheld", "by rule", box=None, padding=(0, 2))
        for item in answer.json()["meta"]["withheld"]:
            table.add_row(item["section"], item["rule"])
        self.console.print(table)
        data = json.dumps(answer.json()["data"])
        self._expect("geometry" not in data, "no map leaves the gateway")
        refused = vlo.get(f"{self.ref}/rosh")
        self._show(vlo, refused)
        self._expect(refused.status_code == 403, "scores are not for victims")

    def _stranger(self) -> None:
        area = next(a for a in AREAS if a is not self.hero.area and a.name != self.hero.area.name)
        stranger = self._agent(f"OM-{area.force}-1", "mappa-management")
        answer = stranger.get(f"{self.ref}/risk-management-plan")
        self._show(stranger, answer)
        self._expect(answer.status_code == 404, "for them the person does not exist")
        unknown = stranger.get("/v1/persons/crn:X999999/risk-management-plan")
        same = answer.json() | {"auditEntry": ""} == unknown.json() | {"auditEntry": ""}
        self._expect(same, "and nobody can tell that from a person who is not there")

    def _auditor(self) -> None:
        auditor = self._agent("AUD-1", "audit")
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.started))
        answer = auditor.get(
            "/v1/audit/entries", params={"person": f"crn:{self.hero.crn}", "since": since}
        )
        self._show(auditor, answer)
        table = Table(box=None, padding=(0, 1))
        for name in ("time", "who", "what", "outcome"):
            table.add_column(name, no_wrap=True)
        entries = answer.json()["data"]
        for entry in reversed(entries):
            who = entry["staff"] or entry["client"]
            what = f"{entry['action']} {entry['kind']}"
            table.add_row(entry["time"][11:19], who, what, entry["outcome"])
        self.console.print(table)
        denied = [e for e in entries if e["outcome"] == "not-found"]
        self._expect(bool(denied), "the officer who was told 404 is in it")
        proof = auditor.get(f"/v1/audit/entries/{denied[0]['id']}/proof")
        self._show(auditor, proof)
        result = self._verify(log_directory(self.data_dir))
        self.console.print(f"    {result.stdout.strip().splitlines()[-1]}")
        self._expect(result.returncode == 0, "the log verifies from its files alone")

    def _tamper(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "log"
            _copy_while_it_grows(log_directory(self.data_dir), copy)
            victim = next(p for p in sorted((copy / "entries").rglob("*")) if p.is_file())
            content = bytearray(victim.read_bytes())
            content[len(content) // 2] ^= 1
            victim.write_bytes(content)
            self.console.print(f"  one bit flipped in a copy of {victim.relative_to(copy)}")
            result = self._verify(copy)
            lines = (result.stdout + result.stderr).strip().splitlines()
            self.console.print(f"    {lines[-1]}")
            self._expect(result.returncode == 1, "verification fails and says where")

    def _verify(self, folder: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "audit.verify", str(folder), "--quiet"]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def _copy_while_it_grows(log: Path, copy: Path) -> None:
    """A consistent copy is one during which no file came or went."""
    for _ in range(10):
        try:
            shutil.copytree(log, copy, ignore=shutil.ignore_patterns("*.tmp"))
        except shutil.Error:
            shutil.rmtree(copy)
            time.sleep(0.3)
        else:
            return
    raise TimeoutError("the log changes too fast to be copied")
