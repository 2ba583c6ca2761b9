"""What the formats of the house cannot hold of a field's values (`Narrowed`), by system.

The round trip of every adapter in the registry is tested without a line here
(`test_roundtrip.py`). An adapter needs one where its format holds fewer values than the canonical
field does; the `Line` of that field says so in its note.
"""

from hypothesis import strategies as st

from adapters.arms import ARMS
from adapters.rm2000 import RM2000
from adapters.testing.roundtrip import Documents, Narrowed
from adapters.testing.values import identifiers
from adapters.vcms import words
from schemas.identifiers import Scheme
from schemas.kinds import Kind
from tests.adapters.score_cases import scores_of, with_scores


def victims_apart(documents: Documents) -> Documents | None:
    """Each victim once; a word beside a value is the scheme's own for it."""
    words_for = {value: word for word, value in (*words.STATUS.items(), *words.ANSWER.items())}
    victims = documents.get(Kind.VICTIM_CONTACT, {}).get("victims")
    if victims is None or len({one["victimRef"] for one in victims}) < len(victims):
        return None
    for one in victims:
        one["statusCode"] = words_for.get(one["status"], one.get("statusCode") or "LATER")
        for part in one.get("consultations", []):
            known = words_for.get(part.get("answer", ""))
            part["answerCode"] = known or part.get("answerCode") or "LATER"
            part["answer"] = part["answer"] if known else "unknown"
    return documents


NARROWED: dict[str, Narrowed] = {
    "arms": Narrowed({"rosh.scores": scores_of(ARMS)}, with_scores),
    "rm2000": Narrowed({"rosh.scores": scores_of(RM2000)}, with_scores),
    "vcms": Narrowed(
        {"victim-contact.victims[].victimRef": st.from_regex(r"\A[A-Z]{2}-[0-9]{2}\Z")},
        victims_apart,
    ),
    "visor": Narrowed({"person.identifiers": identifiers(*Scheme, bad=True)}),
}
