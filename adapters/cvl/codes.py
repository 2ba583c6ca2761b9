"""The licence system's codes: one interface writes them as codes, another in words."""

from adapters.reading import Node

STATUSES = frozenset(
    {
        "NOT_STARTED",
        "IN_PROGRESS",
        "SUBMITTED",
        "APPROVED",
        "ACTIVE",
        "REJECTED",
        "INACTIVE",
        "RECALLED",
        "TIMED_OUT",
        "VARIATION_IN_PROGRESS",
        "VARIATION_SUBMITTED",
        "VARIATION_REJECTED",
        "VARIATION_APPROVED",
    }
)
KINDS = frozenset({"CRD", "PRRD", "VARIATION", "HARD_STOP", "HDC", "HDC_VARIATION", "TIME_SERVED"})
MONITORING = frozenset(
    {
        "EXCLUSION_ZONE",
        "RESTRICTION_ZONE",
        "CURFEW",
        "LOCATION_MONITORING",
        "ATTENDANCE_AT_APPOINTMENTS",
        "ALCOHOL_MONITORING",
        "ALCOHOL_ABSTINENCE",
    }
)
CONDITION_TYPES = frozenset(
    {
        "STANDARD",
        "ELECTRONIC_MONITORING",
        "SINGLE_UPLOAD",
        "MULTIPLE_UPLOADS",
        "EXCLUSION_ZONE",
        "MULTIPLE_EXCLUSION_ZONE",
        "RESTRICTION_ZONE",
        "MULTIPLE_RESTRICTION_ZONE",
    }
)
"""How the licence system lets a condition be filled in; four of them draw a zone."""
_TYPES = {
    "AP": "AP",
    "PSS": "PSS",
    "AP_PSS": "AP_PSS",
    "ALL PURPOSE": "AP",
    "POST SENTENCE SUPERVISION": "PSS",
    "ALL PURPOSE & POST SENTENCE SUPERVISION": "AP_PSS",
}


def status(node: Node) -> str | None:
    """A licence status: `In progress` is `IN_PROGRESS`; an unknown one as it came, warned."""
    return known(node, STATUSES)


def licence_type(node: Node) -> str | None:
    """AP, PSS or AP_PSS, from the code or its words; an unknown one as it came, warned."""
    text = node.text()
    if text is None or (code := _TYPES.get(text.upper())) is not None:
        return text and code
    node.warn("unknown-code")
    return text


def known(node: Node, codes: frozenset[str]) -> str | None:
    """One of `codes`, also where written in words; an unknown one as it came, warned."""
    text = node.text()
    if text is None or (code := text.upper().replace(" ", "_")) in codes:
        return text and code
    node.warn("unknown-code")
    return text
