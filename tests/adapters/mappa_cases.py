"""What the forms of MAPPA co-ordinators cannot hold of a case."""

from adapters.testing.roundtrip import Documents, Narrowed
from schemas.kinds import Kind


def _one_word_for_it(documents: Documents) -> Documents:
    """A form has one place for a value and for the word that stands there in its stead."""
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


MAPPA = Narrowed(tidy=_one_word_for_it)
