"""What questions about who is who answer is what their description says: every field, by name."""

import re

import httpx
import pytest

from gateway.routes.identity_bodies import Decided, Held, One, Queue
from gateway.routes.parameters import Shape
from tests.gateway.identity.cases import REVIEWS, decide, merge, steward, two
from tests.gateway.world import Gateway


@pytest.fixture
def answers(gateway: Gateway) -> dict[type[Shape], httpx.Response]:
    """One answer of each sort, about two who are one."""
    _, first, _, second = two(gateway)
    agent = steward(gateway)
    decided = merge(agent, first, second)
    review = f"{REVIEWS}/{decided.json()['data']['id']}"
    decide(agent, review.rpartition("/")[2], "undo")
    return {
        Decided: decided,
        Queue: agent.get(f"{REVIEWS}?state=all"),
        One: agent.get(review),
        Held: agent.get(f"/v1/identity/persons/{first}/records"),
    }


def test_every_answer_is_as_described(answers: dict[type[Shape], httpx.Response]) -> None:
    for described, answer in answers.items():
        read = described.model_validate_json(answer.content)
        assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == answer.json()
        assert not re.search(r'"\w+_\w+":', answer.text), "fields are in camelCase"
