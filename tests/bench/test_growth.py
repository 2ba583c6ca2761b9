"""A store filled by copying is a store like any other."""

import subprocess
import sys
from pathlib import Path

import httpx

from bench.growth import Growth
from bench.scale import BUILDERS, RECORDS_EACH, Store, _reads
from bench.seed import Population, populate
from bench.servers import gateway
from gateway.integrator import log_directory
from gateway.store.sqlite import reading

FIRST = 20
PEOPLE, ENTRIES = 100, 1500


def test_copies_are_read_by_their_officers_and_the_log_holds_every_entry(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with httpx.Client(timeout=60) as http:
        with gateway(data_dir, cores=()) as server:
            population = populate(server, FIRST, http, BUILDERS)
            for person in population.people:
                officer = population.officer(person.staff("PP"))
                path = f"/v1/persons/crn:{person.crn}/risk-management-plan"
                assert officer.get(path).status_code == 200
        for total in (2 * FIRST, 4 * FIRST, PEOPLE, PEOPLE):
            growth = Growth(data_dir, population.people)
            growth.people(total)
            growth.entries(total * ENTRIES // PEOPLE, lambda *_: None)
            growth.log(lambda *_: None)
            assert growth.count("person") == total
            assert growth.count("record_version") == total * RECORDS_EACH
            growth.close()

        with gateway(data_dir, cores=()) as server:
            people = Population(server, population.people, http)
            store = Store(server, *_reads(people, PEOPLE))
            assert sum(map(len, store.names)) == PEOPLE
            result = store.measure(2, 0.5)
            assert result.answered > 0
            assert result.wrong == 0
            copy = "crn:X500099"
            auditor = people.officer("AUD-1", "audit")
            found = auditor.get("/v1/audit/entries", params={"person": copy, "limit": 5}).json()
            proof = auditor.get(f"/v1/audit/entries/{found['data'][-1]['id']}/proof")
            assert proof.status_code == 200
    with reading(data_dir) as connection:
        held = connection.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar()
    command = [sys.executable, "-m", "audit.verify", "--quiet", "--expect-size", str(held)]
    subprocess.run([*command, str(log_directory(data_dir))], check=True, capture_output=True)
