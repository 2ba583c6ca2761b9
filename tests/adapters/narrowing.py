"""What the formats of the house cannot hold of a field's values (`Narrowed`), by system.

The round trip of every adapter in the registry is tested without a line here
(`test_conformance.py`). An adapter needs one where its format holds fewer values than the canonical
field does; the `Line` of that field says so in its note.
"""

from typing import Any

from hypothesis import strategies as st

from adapters.arms import ARMS
from adapters.rm2000 import RM2000
from adapters.testing.roundtrip import Documents, Narrowed
from adapters.testing.values import TEXT, Maker, identifiers
from adapters.vcms import words
from schemas.case_team import TeamMember
from schemas.identifiers import Scheme
from schemas.kinds import Kind
from schemas.person import Name
from tests.adapters import narrowing_prison
from tests.adapters.mappa_cases import MAPPA
from tests.adapters.oasys_cases import OASYS
from tests.adapters.score_cases import scores_of, with_scores


def stays_apart(documents: Documents) -> Documents | None:
    """Each stay once: no two with one reference, or with one premises."""
    stays = documents.get(Kind.RESIDENCE, {}).get("stays", [])
    for name in ("reference", "premises", "premisesCode"):
        told = [one[name].casefold() for one in stays if one.get(name)]
        if len(set(told)) < len(told):
            return None
    return documents if any(map(_says, documents.values())) else None


def _says(value: Any) -> bool:
    """Whether there is anything to write a row of."""
    parts = value.values() if isinstance(value, dict) else value
    return any(map(_says, parts)) if isinstance(value, dict | list) else bool(value)


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


_PROBATION = st.fixed_dictionaries(
    {"agency": st.just("probation"), "role": st.sampled_from(["responsible-officer", "partner"])}
)
_PRISON = st.just({"agency": "prison", "role": "prison-offender-manager"})


def _delius_member(parts: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """An empty post has no staff id, whatever the flag says."""
    member, office = parts
    return member | office | ({"staffId": None} if member.get("allocated") is False else {})


def _registered(documents: Documents) -> Documents:
    """A registration of which neither category nor level is known is not written."""
    mappa = documents.get(Kind.MAPPA, {})
    known = mappa.get("category") or mappa.get("level")
    return documents if known else {k: v for k, v in documents.items() if k is not Kind.MAPPA}


_DELIUS = Narrowed(
    {
        "person.identifiers": identifiers(
            Scheme.CRN, Scheme.PNC, Scheme.CRO, Scheme.NOMS, Scheme.BOOKING
        ),
        "person.aliases[]": Maker()
        .record(Name)
        .filter(lambda name: bool(name.get("surname") or name.get("forenames"))),
        "case-team.members[]": st.tuples(
            Maker().record(TeamMember).filter(lambda one: bool(one.get("name") or one.get("team"))),
            _PROBATION | _PRISON,
        ).map(_delius_member),
    },
    _registered,
)

NARROWED: dict[str, Narrowed] = {
    "arms": Narrowed({"rosh.scores": scores_of(ARMS)}, with_scores),
    "mappa": MAPPA,
    "oasys": OASYS,
    "rm2000": Narrowed({"rosh.scores": scores_of(RM2000)}, with_scores),
    "delius": _DELIUS,
    "approved_premises": Narrowed(
        {
            "person.name.forenames": st.lists(st.from_regex(r"\A[A-Z][a-z]{1,5}\Z"), max_size=2),
            "residence.stays[].address": st.lists(
                TEXT.filter(lambda text: "\n" not in text), max_size=2
            ),
        },
        stays_apart,
    ),
    "cvl": narrowing_prison.CVL,
    "nomis": narrowing_prison.NOMIS,
    "vcms": Narrowed(
        {"victim-contact.victims[].victimRef": st.from_regex(r"\A[A-Z]{2}-[0-9]{2}\Z")},
        victims_apart,
    ),
    "visor": Narrowed({"person.identifiers": identifiers(*Scheme, bad=True)}),
}
