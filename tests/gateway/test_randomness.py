"""Random bytes in blocks: as many as asked for, none handed out twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

from gateway.randomness import BLOCK, RANDOM


def test_no_bytes_are_handed_out_twice_also_not_to_several_threads() -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = [drawing.result() for drawing in [threads.submit(many) for _ in range(8)]]
    everything = [text for texts in drawn for text in texts]
    assert len(set(everything)) == len(everything)
    assert {len(text) for text in everything} == {64}


def test_ids_are_uuids_that_begin_with_their_time() -> None:
    before = RANDOM.uuid()
    drawn = [UUID(RANDOM.uuid()) for _ in range(2000)]
    assert len(set(drawn)) == len(drawn)
    assert {(one.version, one.variant) for one in drawn} == {(7, RFC_4122)}
    starts = [before[:13], *(str(one)[:13] for one in drawn)]
    assert starts == sorted(starts)


def many() -> list[str]:
    return [RANDOM.hex(32) for _ in range(2 * BLOCK // 32)]
