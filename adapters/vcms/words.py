"""The scheme's own words, and what must never stand in a text about a victim."""

import re
from collections.abc import Iterable
from typing import Final, Literal

from adapters.base import AdapterError
from adapters.reading import Node
from schemas.victim_contact import ConditionRequest, Consultation, InformationGiven

Status = Literal["opted-in", "opted-out", "not-yet-contacted", "unknown"]
RequestType = Literal["no-contact", "exclusion-zone", "other"]
Answer = Literal["yes", "not-applicable", "unknown"]

STATUS: Final[dict[str, Status]] = {
    "OPTED_IN": "opted-in",
    "OPTED_OUT": "opted-out",
    "NOT_YET_CONTACTED": "not-yet-contacted",
}
REQUEST: Final[dict[str, RequestType]] = {
    "NO_CONTACT": "no-contact",
    "EXCLUSION_ZONE": "exclusion-zone",
    "OTHER": "other",
}
ANSWER: Final[dict[str, Answer]] = {"YES": "yes", "NOT_APPLICABLE": "not-applicable"}
TOPICS: Final = frozenset(
    {
        "SENTENCE",
        "SENTENCE_CHANGE",
        "OPEN_CONDITIONS",
        "RELEASE_CONSIDERATION",
        "RELEASE_MONTH",
        "RECALL",
        "CONDITIONS_EXIST",
        "CONTACT_CONDITIONS",
        "CONDITIONS_END",
        "VICTIM_PERSONAL_STATEMENT",
    }
)
"""What a victim may be told. Another topic is kept with a caution, for somebody to look at."""

_CONTACT_DETAILS = re.compile(
    r"[^\s@]{1,64}@[^\s@]{1,255}\.[a-z]{2,}"
    r"|\b[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}\b"
    r"|(?:\+44[ ()0]*|\b0)[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}\b",
    re.IGNORECASE,
)
"""An e-mail address, a postcode, a British telephone number."""


def pseudonymous(nodes: Iterable[Node]) -> None:
    """Refuse texts with contact details in them: they could lead to the victim.

    Raises `AdapterError` (`victim-contact-details`). Names and addresses in words cannot be told
    apart from other words and are not looked for.
    """
    for node in nodes:
        if isinstance(node.value, str) and _CONTACT_DETAILS.search(node.value):
            detail = "a victim is only a reference here: take out postcode, telephone and e-mail"
            raise AdapterError("victim-contact-details", detail, node.pointer)


def _code(word: object) -> str:
    """A word as the scheme writes it: `Opted in` is `OPTED_IN`."""
    return re.sub(r"[\s_-]+", "_", str(word).strip()).upper()


def status(node: Node) -> tuple[Status, str | None]:
    """The status and the word it came in."""
    word = node.text()
    if _code(word) not in STATUS:
        node.warn("unknown-code")
    return STATUS.get(_code(word), "unknown"), word


def request(type: Node, requested: Node, outcome: Node, reason: Node) -> ConditionRequest:
    """An unknown type has no field of its own: its word is kept in front of the reason."""
    word, why = type.value, reason.text()
    if _code(word) not in REQUEST:
        type.warn("unknown-code")
        why = f"type as received: {word}" + (f"\n{why}" if why else "")
    return ConditionRequest(
        type=REQUEST.get(_code(word), "other"),
        requested=requested.day(),
        outcome=outcome.text(),
        reason=why,
    )


def consultation(decision: Node, answer: Node, consulted: Node, outcome: Node) -> Consultation:
    """An answer that is not one of the two, `NO` among them, is unknown."""
    word = answer.text()
    if word is not None and _code(word) not in ANSWER:
        answer.warn("unknown-code")
    return Consultation(
        decision=decision.value,
        answer=ANSWER.get(_code(word), "unknown"),
        answer_code=word,
        consulted=consulted.day(),
        outcome=outcome.text(),
    )


def told(topic: Node, given: Node) -> InformationGiven:
    """What the victim was told; a topic that is not known as it came."""
    code = _code(topic.value)
    if code not in TOPICS:
        topic.warn("unknown-code")
    return InformationGiven(topic=code if code in TOPICS else topic.value, given=given.day())
