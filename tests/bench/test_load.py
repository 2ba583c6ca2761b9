"""The load generator counts what comes back, whatever comes back."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from bench.load import Job, measure, percentile
from bench.operations import plan_of, request
from bench.servers import Server, floor

ASK = request("GET", "/anything")
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"


@contextmanager
def answering(*answers: Sequence[bytes]) -> Iterator[int]:
    """A server that answers every connection the same: each answer in the pieces it is given in;
    an empty answer closes the connection."""
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk(client: socket.socket) -> None:
            with client:
                for answer in answers:
                    if not client.recv(65536) or not answer:
                        return
                    for piece in answer:
                        client.sendall(piece)
                client.recv(65536)

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threads.append(threading.Thread(target=talk, args=(client,)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    accepting.join()
    for thread in threads:
        thread.join()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The floor, serving a small document."""
    with floor(b'{"data":{}}', tmp_path_factory.mktemp("floor")) as server:
        yield server


def test_every_answer_of_a_real_server_is_counted(bare: Server) -> None:
    asked = [request("GET", plan_of("X500000")), request("GET", "/bytes" + plan_of("X500000"))]
    result = measure(Job(bare.port, asked, connections=8, seconds=0.5))
    assert result.statuses == {"200": result.answered}
    assert 0 < result.answered <= result.in_all
    assert result.wrong == result.broken == result.unanswered == 0
    assert 0 < result.p50 <= result.p99 <= result.slowest
    assert result.cpu > 0


def test_an_unexpected_status_is_told_apart(bare: Server) -> None:
    result = measure(Job(bare.port, [request("GET", "/nowhere")], 2, 0.3, expect=200))
    assert result.answered == 0
    assert set(result.statuses) == {"404"}
    assert result.wrong == result.in_all > 0
    assert result.told_when == 0


def test_requests_that_must_be_sent_once_are_sent_once(bare: Server) -> None:
    asked = [request("GET", plan_of(f"X{number}")) for number in range(50)]
    result = measure(Job(bare.port, asked, 4, 30, warm=0, once=True))
    assert result.answered == result.in_all == 50
    assert result.seconds < 30


def test_names_are_put_into_requests(bare: Server) -> None:
    job = Job(bare.port, [request("GET", plan_of("{}"))], 2, 0.3, names=[["X500000", "X500001"]])
    result = measure(job)
    assert result.answered > 0
    assert result.wrong == 0


def test_in_the_open_loop_no_more_is_sent_than_arrives(bare: Server) -> None:
    result = measure(Job(bare.port, [request("GET", plan_of("X1"))], 4, 1.0, warm=0, arrivals=40))
    assert 0 < result.in_all <= 40 * 1.5
    assert result.wrong == result.broken == 0


@pytest.mark.parametrize(
    "answer",
    [
        [OK],
        [OK[:5], OK[5:30], OK[30:]],
        [CHUNKED],
        [CHUNKED[:-3], CHUNKED[-3:]],
        [OK.replace(b"content-length", b"Content-Length")],
    ],
)
def test_an_answer_may_come_in_pieces(answer: list[bytes]) -> None:
    with answering(answer, answer, answer) as port:
        result = measure(Job(port, [ASK] * 3, 1, 5, warm=0, once=True))
    assert result.statuses == {"200": 3}


def test_refusals_that_say_when_to_come_back_are_counted() -> None:
    with answering([BUSY], [OK]) as port:
        result = measure(Job(port, [ASK] * 2, 1, 5, warm=0, once=True))
    assert result.statuses == {"200": 1, "503": 1}
    assert result.wrong == result.told_when == 1
    assert result.wrong_p99 > 0


def test_a_connection_that_breaks_is_counted_and_replaced() -> None:
    with answering([OK], []) as port:
        result = measure(Job(port, [ASK] * 6, 1, 5, warm=0, once=True))
    assert result.broken == 3
    assert result.answered == 3


def test_a_server_may_end_a_connection_that_it_said_it_would_end() -> None:
    closing = BUSY.replace(b"Busy\r\n", b"Busy\r\nConnection: close\r\n")
    with answering([closing]) as port:
        result = measure(Job(port, [ASK] * 3, 1, 5, warm=0, once=True))
    assert result.statuses == {"503": 3}
    assert result.broken == 0


def test_where_nobody_listens_everything_is_broken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = measure(Job(port, [ASK], 2, 0.3, warm=0))
    assert result.answered == 0
    assert result.broken > 0


def test_percentiles_of_few_values() -> None:
    assert percentile([], 0.5) == 0
    assert percentile([7.0], 0.99) == 7
    assert percentile([float(n) for n in range(100)], 0.99) == 99
