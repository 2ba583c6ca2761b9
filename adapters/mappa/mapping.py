"""Where each canonical field stands in the forms: told from the tables that write and read them."""

from collections.abc import Iterator

from adapters.fields import leaves
from adapters.mappa.forms import MINUTES, REFERRAL, Form
from adapters.mappa.payload import PLACES
from adapters.writing import Line, Way
from schemas import RECORDS
from schemas.kinds import Kind

_NOTES = {
    "otherHeadings": "one whose words are a heading of the form is read as that heading",
    "attendance[].agency": "an agency of another name is `other`, its name in the role",
    "actions[].dueWords": "where there is no due date; a day in words is the due date",
    "previousActions[].dueWords": "where there is no due date; a day in words is the due date",
    "agencyUpdates": "an agency's name in another spelling becomes the agency",
    "agenciesInvolved": "an agency's name in another spelling becomes the agency",
    "categoryCode": "where there is no category",
    "levelRequestedCode": "where there is no level",
    "levelDecidedCode": "where there is no level",
    "agencyWord": "with the agency `other` alone",
}


def _lines(kind: Kind, form: Form) -> Iterator[Line]:
    titles = {fact.member: fact.title for fact in form.facts if fact.member}
    titles |= {heading.member: heading.title for heading in form.headings}
    for leaf in leaves(RECORDS[kind]):
        top, dot, rest = leaf.partition(".")
        if leaf == "scores[].system":
            continue  # the gateway's own, beside scores of several systems
        place = PLACES[kind][top.removesuffix("[]")]
        title = titles.get(place, titles.get(place.partition("/")[0], "any other heading"))
        where = f"{place}{'[]' if top.endswith('[]') else ''}{dot}{rest.replace('dueWords', 'due')}"
        note = _NOTES.get(leaf, _NOTES.get(top.removesuffix("[]"), ""))
        yield Line(kind, leaf, f"{where} ({title})", Way.BOTH, note)


_DECIDED = {
    "category": "category",
    "categoryCode": "category",
    "level": "levelDecision/level",
    "levelCode": "levelDecision/level",
    "reviewDue": "nextReview",
    "area": "area",
}
_SHOWN = {
    "name.forenames": "Name",
    "name.surname": "Name",
    "dateOfBirth": "Date of birth",
    "identifiers[].scheme": "person",
    "identifiers[].value": "person",
}


def _all() -> Iterator[Line]:
    yield from _lines(Kind.MINUTES, MINUTES)
    yield from _lines(Kind.REFERRAL, REFERRAL)
    for field, place in _DECIDED.items():
        yield Line(Kind.MAPPA, field, place, Way.IN, "the registration that the meeting decided")
    for field, place in _SHOWN.items():
        note = "for those who read it: who somebody is comes from other systems"
        yield Line(Kind.PERSON, field, place, Way.OUT, note)


LINES = tuple(_all())
