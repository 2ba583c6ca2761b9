"""Invented people in a running gateway, and the tokens of those who ask about them."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from bench.servers import Server
from gateway.demo.cast import AREAS, staff
from gateway.demo.client import Agent, desk
from gateway.demo.payloads import (
    batch,
    delius_person,
    delius_supervision,
    oasys_plan,
    oasys_rosh,
    visor_nominal,
)
from gateway.demo.people import Character, characters

TODAY = date(2026, 6, 1)
MOST = 490_000
"""How many people the demo's identifiers can tell apart."""
AT_ONCE = 50
"""Payloads of one batch."""
AT_LENGTH = " ".join(
    [
        "Agreed at the last meeting and confirmed with every agency present.",
        "The officer named in the case team reports any change within one working day.",
        "Reviewed at each appointment; the record of the visit says what was checked and found.",
    ]
)


def plan(c: Character) -> dict[str, Any]:
    """The demo's plan with sections as long as plans have them: about 2 KB as answered."""
    whole = oasys_plan(c)
    written = whole["assessments"][0]
    for name in ("supervision", "monitoringAndControl", "victimSafetyPlanning", "contingencyPlans"):
        written[name] = f"{written[name]} {AT_LENGTH}"
    return whole


Builders = tuple[tuple[str, Callable[[Character], Any]], ...]
BUILDERS: Builders = (
    ("delius", delius_person),
    ("delius", delius_supervision),
    ("visor", visor_nominal),
    ("oasys", oasys_rosh),
    ("oasys", plan),
)
"""What a plan, and the decision about it, need."""
CLIENTS = {"delius": "probation-systems", "oasys": "probation-systems", "visor": "police-systems"}


@dataclass
class Population:
    """The people of one gateway, and whoever asks about them."""

    server: Server
    people: Sequence[Character]
    http: httpx.Client
    newcomers: Iterator[Character] = field(default_factory=lambda: iter(()))
    """People it has not heard of yet, for pushes that create somebody."""
    agents: dict[tuple[str, str], Agent] = field(default_factory=dict)

    def officer(self, staff_id: str, purpose: str = "mappa-management") -> Agent:
        """A member of staff at their desk."""
        if (staff_id, purpose) not in self.agents:
            member = next(one for one in staff() if one.id == staff_id)
            self.agents[staff_id, purpose] = desk(
                self.http, self.server.base_url, self.server.data_dir, member, purpose
            )
        return self.agents[staff_id, purpose]

    def system(self, name: str) -> Agent:
        """The case system that pushes for `name`."""
        client = CLIENTS[name]
        if (client, "") not in self.agents:
            self.agents[client, ""] = Agent(
                self.http,
                self.server.base_url,
                self.server.data_dir,
                client,
                purpose="system-update",
            )
        return self.agents[client, ""]

    def stranger(self, person: Character) -> Agent:
        """A police officer of another area, who may not know that the person exists."""
        area = next(a for a in AREAS if a.name != person.area.name)
        return self.officer(f"OM-{area.force}-1")

    def document(self) -> bytes:
        """The plan of the first person as their offender manager is answered it."""
        person = self.people[0]
        answer = self.officer(person.staff("OM")).get(
            f"/v1/persons/crn:{person.crn}/risk-management-plan"
        )
        answer.raise_for_status()
        return answer.content


def populate(
    server: Server, count: int, http: httpx.Client, builders: Builders = BUILDERS
) -> Population:
    """Push `count` people in batches. Raises `RuntimeError` where one was not taken."""
    everybody = characters(MOST, TODAY)
    people = list(itertools.islice(everybody, count))
    population = Population(server, people, http, everybody)
    for system, build in builders:
        agent = population.system(system)
        for start in range(0, count, AT_ONCE):
            group = [build(person) for person in people[start : start + AT_ONCE]]
            outcomes = {
                item["outcome"] for item in agent.push(system, batch(system, group)).json()["items"]
            }
            if not outcomes <= {"created", "updated"}:
                raise RuntimeError(f"a {system} payload was not taken: {sorted(outcomes)}")
    return population
