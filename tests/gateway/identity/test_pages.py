"""Reviews are listed page by page: each that the asker may see, none that they may not."""

from dataclasses import replace

from gateway.demo.payloads import delius_person
from tests.gateway.identity.cases import REVIEWS, asked, pages, steward
from tests.gateway.ingest.cases import person_of, push, somebody
from tests.gateway.ingest.test_limited_access import RHYS, lists
from tests.gateway.world import Gateway


def test_every_review_is_reached_however_many_between_them_are_hidden(
    own_gateway: Gateway,
) -> None:
    agent, reviews = steward(own_gateway), {}
    for _ in range(5):
        one = somebody()
        own = person_of(push(own_gateway, "delius", delius_person(one))[0])
        other = replace(somebody(), pnc=one.pnc, born=one.born.replace(year=1950))
        push(own_gateway, "delius", delius_person(other))
        reviews[asked(agent, own)["id"]] = one
    first, *rest = sorted(reviews)
    push(own_gateway, "delius", lists(reviews[first], restricted=[RHYS]))
    for limit in range(1, 6):
        listed = list(pages(agent, f"{REVIEWS}?limit={limit}"))
        assert [one["id"] for page in listed for one in page] == rest
        assert all(len(page) <= limit for page in listed)
