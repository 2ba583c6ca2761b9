"""What the crash tests look for they would find: a check that cannot fail is worth nothing."""

from pathlib import Path
from shutil import copytree

import httpx
import pytest
from sqlalchemy import text

from audit.checkpoint import Checkpoint
from gateway.integrator import log_directory
from gateway.keys import log_signer
from gateway.settings import Settings
from gateway.store.sqlite import FILE, open_engine
from tests.gateway.burst import Witness
from tests.gateway.evidence import Evidence
from tests.gateway.world import Gateway


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a gateway that has worked and ended in good order."""
    data_dir = tmp_path_factory.mktemp("evidence") / "data"
    with Gateway.running(data_dir, people=2):
        pass
    return data_dir


@pytest.fixture
def evidence(ended: Path, tmp_path: Path) -> Evidence:
    return Evidence(copytree(ended, tmp_path / "data"), None)


@pytest.fixture
def witness(ended: Path) -> Witness:
    return Witness(log_signer(ended, Settings.log_origin).verifier)


@pytest.fixture
def folder(evidence: Evidence) -> Path:
    return log_directory(evidence.data_dir)


def change(evidence: Evidence, statement: str) -> None:
    engine = open_engine(evidence.data_dir / FILE)
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount
    engine.dispose()


def test_nothing_is_found_where_nothing_is_wrong(
    evidence: Evidence, witness: Witness, folder: Path
) -> None:
    witness.entries = evidence.entries()
    evidence.check_store(witness)
    evidence.check_log(folder, witness, whole=True)
    assert evidence.committed() == len(witness.entries) == max(witness.checkpoints)


def test_an_answer_without_its_entry_is_found(evidence: Evidence, witness: Witness) -> None:
    witness.entries = {"no-such-entry"}
    with pytest.raises(AssertionError, match="without their entries"):
        evidence.check_store(witness)


def test_a_lost_push_is_found(evidence: Evidence, witness: Witness) -> None:
    witness.pushed = {"X999999"}
    with pytest.raises(AssertionError, match="lost"):
        evidence.check_store(witness)


def test_a_push_that_was_filed_twice_is_found(evidence: Evidence, witness: Witness) -> None:
    change(
        evidence,
        "INSERT INTO record_version SELECT id || '-again', person_id, kind, system, source_ref,"
        " version + 100, status, written_at, received_at, adapter_version, client, standing,"
        " raw_hash, content_hash, body FROM record_version WHERE kind = 'person'",
    )
    with pytest.raises(AssertionError, match="twice"):
        evidence.check_store(witness)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_head SET size = size + 1",
        "DELETE FROM audit_entry WHERE seq = 1",
        "UPDATE audit_entry SET seq = seq + 1 WHERE seq = (SELECT size FROM audit_head)",
    ],
)
def test_a_gap_in_the_numbers_is_found(evidence: Evidence, statement: str) -> None:
    change(evidence, "DELETE FROM audit_subject")
    change(evidence, statement)
    with pytest.raises(AssertionError, match="gap"):
        evidence.committed()


def test_a_changed_log_is_found(evidence: Evidence, witness: Witness, folder: Path) -> None:
    victim = next(folder.rglob("*.jsonl"))
    victim.write_bytes(victim.read_bytes().replace(b"released", b"withheld", 1))
    with pytest.raises(AssertionError, match="does not"):
        evidence.check_log(folder, witness, whole=False)


def test_a_log_of_another_history_is_found(
    evidence: Evidence, witness: Witness, folder: Path
) -> None:
    witness.checkpoints[1] = b"r" * 32
    with pytest.raises(AssertionError, match="another history, at 1"):
        evidence.check_log(folder, witness, whole=False)


def test_a_log_that_is_behind_is_found_where_it_must_be_whole(
    evidence: Evidence, witness: Witness, folder: Path
) -> None:
    witness.checkpoints[evidence.committed() + 1] = b"r" * 32
    evidence.check_log(folder, witness, whole=False)
    with pytest.raises(AssertionError, match="not whole"):
        evidence.check_log(folder, witness, whole=True)


def test_a_log_about_other_entries_is_found(
    evidence: Evidence, witness: Witness, folder: Path
) -> None:
    change(evidence, "UPDATE audit_entry SET id = 'another' WHERE seq = 1")
    with pytest.raises(AssertionError, match="other entries"):
        evidence.check_log(folder, witness, whole=True)


def test_two_roots_of_one_size_are_a_fault(ended: Path, witness: Witness) -> None:
    signer = log_signer(ended, Settings.log_origin)
    for root in (b"a", b"a", b"b"):
        witness.saw(Checkpoint(signer.verifier.name, 7, root * 32).sign(signer))
    assert witness.faults == ["two roots of size 7"]


def test_a_checkpoint_that_nobody_signed_is_a_fault(witness: Witness) -> None:
    witness.saw(b"some log\n7\nAAAA\n")
    assert len(witness.faults) == 1
    assert witness.checkpoints == {}


def test_an_answer_must_name_its_entry_but_a_refusal_need_not(witness: Witness) -> None:
    assert not witness.heard(httpx.Response(503))
    assert witness.heard(httpx.Response(404, headers={"Audit-Entry": "one"}))
    assert (witness.entries, witness.refused, witness.faults) == ({"one"}, 1, [])
    witness.heard(httpx.Response(200))
    witness.heard(httpx.Response(500, headers={"Audit-Entry": "two"}))
    assert witness.faults == ["an answer 200 that named no entry", "an answer 500"]
