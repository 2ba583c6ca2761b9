"""Invented people, one plan for each, a caller who may see them all and one who may see nobody."""

from typing import Any

from django.contrib.auth import get_user_model
from rest_framework.authtoken.models import Token

from bench.peers.django_rest.models import Area, Assignment, Person, RiskManagementPlan

BATCH = 1000


def refs(people: int) -> list[str]:
    """`P000001` and so on."""
    return [f"P{number:06d}" for number in range(1, people + 1)]


def seed(people: int, document: dict[str, Any]) -> str:
    """Add what is missing; the token of the caller who may see all.

    Half of the people live in the caller's area, the caller is assigned to the others, so that
    both ways of being allowed are measured.
    """
    here, there, elsewhere = (
        Area.objects.get_or_create(name=name)[0] for name in ("here", "there", "elsewhere")
    )
    caller = staff("caller", here)
    staff("outsider", elsewhere)
    Person.objects.bulk_create(
        [
            Person(ref=ref, area=there if number % 2 else here)
            for number, ref in enumerate(refs(people))
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    missing = Person.objects.filter(plan=None).only("pk")
    RiskManagementPlan.objects.bulk_create(
        [RiskManagementPlan(person=person, document=document) for person in missing],
        batch_size=BATCH,
    )
    Assignment.objects.bulk_create(
        [Assignment(staff=caller, person=person) for person in Person.objects.filter(area=there)],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return token(caller.username)


def staff(username: str, area: Area) -> Any:
    """A member of staff who can call."""
    member, _ = get_user_model().objects.get_or_create(
        username=username, defaults={"area": area, "email": f"{username}@agency.example"}
    )
    Token.objects.get_or_create(user=member)
    return member


def token(username: str) -> str:
    """What a member of staff calls with."""
    return str(Token.objects.get(user__username=username).key)
