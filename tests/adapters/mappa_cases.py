"""What the forms of MAPPA co-ordinators cannot hold of a case."""

from copy import deepcopy

from adapters.mappa.words import CATEGORY, LEVEL, code_of, day
from adapters.reading import Node
from adapters.testing.roundtrip import Documents, Narrowed
from adapters.testing.values import TEXT
from schemas.kinds import Kind


def _one_word_for_it(told: Documents) -> Documents:
    """A form has one place for a value and for the word that stands there in its stead."""
    documents = deepcopy(told)
    minutes, referral = (documents.get(kind, {}) for kind in (Kind.MINUTES, Kind.REFERRAL))
    for action in (*minutes.get("actions", ()), *minutes.get("previousActions", ())):
        if action.get("due"):
            action.pop("dueWords", None)
    for name in ("category", "levelRequested", "levelDecided"):
        if referral.get(name):
            referral.pop(f"{name}Code", None)
    if referral.get("agencyWord"):
        referral["agency"] = "other"
    return documents


_NO_DAY = TEXT.filter(lambda text: day(Node(text, "", [])) == (None, text))
_NO_LEVEL = TEXT.filter(lambda text: code_of(text, LEVEL) is None)
_NO_CATEGORY = TEXT.filter(lambda text: code_of(text, CATEGORY) is None)

MAPPA = Narrowed(
    {
        "mappa-minutes.actions[].dueWords": _NO_DAY,
        "mappa-minutes.previousActions[].dueWords": _NO_DAY,
        "mappa-referral.categoryCode": _NO_CATEGORY,
        "mappa-referral.levelRequestedCode": _NO_LEVEL,
        "mappa-referral.levelDecidedCode": _NO_LEVEL,
    },
    _one_word_for_it,
)
