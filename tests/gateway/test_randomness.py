"""Random bytes in blocks: as many as asked for, none handed out twice."""

from concurrent.futures import ThreadPoolExecutor

from gateway.randomness import BLOCK, RANDOM


def test_no_bytes_are_handed_out_twice_also_not_to_several_threads() -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = [drawing.result() for drawing in [threads.submit(many) for _ in range(8)]]
    everything = [text for texts in drawn for text in texts]
    assert len(set(everything)) == len(everything)
    assert {len(text) for text in everything} == {64}


def many() -> list[str]:
    return [RANDOM.hex(32) for _ in range(2 * BLOCK // 32)]
