"""Which licence conditions touch the victim or draw a zone, by (policy version, code).

Codes are reused with another meaning from one policy version to the next (DOMAIN.md §5), so a
code alone decides nothing. Source of the codes: the published licence policies 1.0 to 4.1.
"""

import re
from typing import Literal

ConditionClass = Literal["no-contact", "exclusion-zone", "restriction-zone"]

IN_FORCE = frozenset(
    {
        "ACTIVE",
        "VARIATION_IN_PROGRESS",
        "VARIATION_SUBMITTED",
        "VARIATION_REJECTED",
        "VARIATION_APPROVED",
    }
)
"""Licence statuses under which the conditions bind the person."""

_CLASSES: dict[str, ConditionClass] = {
    "4858cd8b-bca6-4f11-b6ee-439e27216d7d": "no-contact",
    "d5998ca1-62a2-4409-88cd-3137d893c2a0": "no-contact",
    "0f9a20f4-35c7-4c77-8af8-f200f153fa11": "exclusion-zone",
    "99195049-f355-46fb-b7d8-aef87a1b19c5": "exclusion-zone",
    "42f71b40-84cd-446d-8647-f00bbb6c079c": "exclusion-zone",
    "005d70e4-a247-4f82-b8b3-6d294a0f5051": "restriction-zone",
}
"""Each of these has one meaning in every policy below that has it. Others were given a new one."""
_POLICIES = frozenset({"1.0", "2.0", "2.1", "3.0", "4.0", "4.1"})

_UPSTREAM_TYPES: dict[str, ConditionClass] = {
    "EXCLUSION_ZONE": "exclusion-zone",
    "MULTIPLE_EXCLUSION_ZONE": "exclusion-zone",
    "RESTRICTION_ZONE": "restriction-zone",
    "MULTIPLE_RESTRICTION_ZONE": "restriction-zone",
}


def policy_version(text: str | None) -> str | None:
    """`V3_0`, `v3.0` and `3.0` all name policy 3.0; anything else is kept as it came."""
    if text and (match := re.fullmatch(r"[Vv]?([0-9]+)[._]([0-9]+)", text)):
        return f"{match[1]}.{match[2]}"
    return text


def condition_class(
    version: str | None, code: str | None, upstream_type: str | None = None
) -> ConditionClass | None:
    """What a condition is about, or `None` for an ordinary or unknown one.

    The licence system's own condition type, where it sends one, says that a zone is drawn; the
    table says the rest, under a policy version that is known. Codes compare without case.
    """
    if upstream_type in _UPSTREAM_TYPES:
        return _UPSTREAM_TYPES[upstream_type]
    return _CLASSES.get((code or "").lower()) if knows_policy(version) else None


def knows_policy(version: str | None) -> bool:
    """Whether this policy version's codes are known here; if not, the reader must be warned."""
    return policy_version(version) in _POLICIES
