"""What a reader gets for one person and kind, made from what every system says.

One system's document is chosen as *the* current one by the system of record for its kind, then
by standing and the source's own time. Nothing is averaged or settled: identifiers and team
members are joined, scores stand side by side, and where another system differs on level,
category, overall risk or a score the answer says so beside the chosen value.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gateway.ingest.custody import together
from gateway.ingest.flags import Flagged, joined
from gateway.ingest.scores import side_by_side
from schemas import Kind, Record
from schemas.case_team import CaseTeam
from schemas.contacts import Contact, Contacts, VisorContact
from schemas.custody import Custody
from schemas.licence import Licence, LicenceConditions
from schemas.mappa import MappaChange, MappaRegistration, MappaView
from schemas.person import Name, Person
from schemas.residence import Residence, Stay
from schemas.rosh import Rosh, RoshView

T = TypeVar("T", bound=Record)

Past = Sequence[Sequence["Source"]]

SYSTEMS_OF_RECORD: dict[Kind, tuple[str, ...]] = {
    Kind.PERSON: ("delius", "nomis", "cpr", "visor"),
    Kind.MAPPA: ("mappa", "delius", "visor", "nomis"),
    Kind.ROSH: ("oasys", "delius", "visor"),
    Kind.CUSTODY: ("nomis", "delius"),
}
"""Systems of record, best first (config); for other kinds all systems rank alike."""


@dataclass(frozen=True, slots=True)
class Source:
    """The newest version of one document, as `compose` needs it."""

    record_id: str
    system: str
    record: Record
    standing: int
    written_at: str | None
    received_at: str
    source_ref: str = "current"
    body: bytes = b""
    person: str = ""
    """The id it was filed under, where several were found to be one person."""

    @property
    def as_of(self) -> str:
        """When the source says it was written; failing that, when it arrived."""
        return self.written_at or self.received_at


def choose(kind: Kind, sources: Sequence[Source]) -> Source:
    """The document that is current."""
    ranking = SYSTEMS_OF_RECORD.get(kind, ())

    def rank(source: Source) -> tuple[int, int, str, str]:
        place = ranking.index(source.system) if source.system in ranking else len(ranking)
        return (source.standing, -place, source.as_of, source.record_id)

    return max(sources, key=rank)


def compose(kind: Kind, chosen: Source, sources: Sequence[Source], past: Past = ()) -> Record:
    """The record readers get. `past`: all versions of the chosen system, oldest first, apart for
    each id that it filed them under."""
    combine = _COMBINE.get(kind)
    others = [source for source in sources if source is not chosen]
    return combine(chosen, others, past) if combine else chosen.record


def conditions(licence: Licence) -> LicenceConditions:
    """The conditions of a licence on their own."""
    shared = set(LicenceConditions.model_fields) & set(Licence.model_fields)
    return LicenceConditions(**{name: getattr(licence, name) for name in shared})


def _person(chosen: Source, others: Sequence[Source], _past: Past) -> Record:
    """The chosen system's views of the person fill each other's gaps, newest first; identifiers
    come from every system."""
    views = sorted((o for o in others if o.system == chosen.system), key=_as_of, reverse=True)
    own = [_as(Person, source) for source in (chosen, *views)]
    filled = {
        field: next((value for p in own if _says(value := getattr(p, field))), None)
        for field in Person.model_fields
        if field != "identifiers"
    }
    everybody = [*own, *(_as(Person, o) for o in others if o.system != chosen.system)]
    identifiers = {(i.scheme, i.value, i.system): i for p in everybody for i in p.identifiers}
    told = {field: value for field, value in filled.items() if value is not None}
    return own[0].model_copy(update=told | {"identifiers": list(identifiers.values())})


_NOBODY = Name()


def _says(value: object) -> bool:
    return value is not None and value != [] and not (isinstance(value, Name) and value == _NOBODY)


def _as_of(source: Source) -> str:
    return source.as_of


def _case_team(chosen: Source, others: Sequence[Source], _past: Past) -> Record:
    ordered = sorted((chosen, *others), key=lambda source: (source.system, source.record_id))
    return CaseTeam(members=[m for s in ordered for m in _as(CaseTeam, s).members])


def _custody(chosen: Source, others: Sequence[Source], _past: Past) -> Record:
    """What the chosen system has said since its last whole record, which is `current`."""
    mine = [s for s in (chosen, *others) if s.system == chosen.system]
    mine.sort(key=_as_of, reverse=True)
    whole = next((n for n, source in enumerate(mine) if source.source_ref == "current"), None)
    if whole is None:
        return chosen.record
    return together(_as(Custody, chosen), [_as(Custody, s) for s in mine[: whole + 1]])


def _mappa(chosen: Source, others: Sequence[Source], past: Past) -> Record:
    base = _as(MappaRegistration, chosen)
    views = []
    for other in sorted(others, key=lambda source: source.system):
        theirs = _as(MappaRegistration, other)
        if (theirs.category, theirs.level) != (base.category, base.level):
            views.append(
                MappaView(
                    system=other.system,
                    category=theirs.category,
                    level=theirs.level,
                    start=theirs.start,
                )
            )
    lineages = [[_as(MappaRegistration, source) for source in one] for one in past]
    changes = [change for one in lineages for change in _changes(one, chosen.system)]
    own = base.disagreements
    return base.model_copy(
        update={"disagreements": [*own, *views], "history": [*base.history, *changes]}
    )


def _changes(registrations: Sequence[MappaRegistration], system: str) -> list[MappaChange]:
    changes = []
    for before, after in itertools.pairwise(registrations):
        if (before.category, before.level) != (after.category, after.level):
            changes.append(
                MappaChange(
                    effective=after.start,
                    category_from=before.category,
                    category_to=after.category,
                    level_from=before.level,
                    level_to=after.level,
                    system=system,
                )
            )
    return changes


def _rosh(chosen: Source, others: Sequence[Source], _past: Past) -> Record:
    base = _as(Rosh, chosen)
    newest_first = sorted(others, key=lambda source: source.as_of, reverse=True)
    records = [_as(Rosh, other) for other in newest_first]
    views = [
        RoshView(system=other.system, overall=theirs.overall, assessed_on=theirs.assessed_on)
        for other, theirs in zip(newest_first, records, strict=True)
        if other.system != chosen.system and theirs.overall not in (None, base.overall)
    ]
    parts = {
        name: getattr(base, name)
        or next((getattr(r, name) for r in records if getattr(r, name)), getattr(base, name))
        for name in _ROSH_PARTS
    }
    told = list(zip((chosen, *newest_first), (base, *records), strict=True))
    parts["flags"] = joined([Flagged(s.system, s.source_ref, s.as_of, r.flags) for s, r in told])
    scores, differing = side_by_side((s.system, s.as_of, record) for s, record in told)
    return base.model_copy(
        update=parts | {"disagreements": views, "scores": scores, "score_disagreements": differing}
    )


_ROSH_PARTS = ("other_risks", "needs", "offence_analysis", "self_harm", "assessments")
"""What one document says and another does not: taken from the newest that says it."""


def _contacts(chosen: Source, others: Sequence[Source], _past: Past) -> Record:
    """The parts of the log as one, newest first. A contact whose mark changed is in one list."""
    entries: dict[object, Contact | VisorContact] = {}
    for source in _newest_first(chosen, others):
        log = _as(Contacts, source)
        parts: tuple[Contact | VisorContact, ...] = (*log.visor_contacts, *log.other_contacts)
        for entry in parts:
            known = (source.system, entry.reference) if entry.reference else entry
            entries.setdefault(known, entry)
    ordered = sorted(entries.values(), key=lambda entry: str(entry.at or ""), reverse=True)
    return Contacts(
        visor_contacts=[entry for entry in ordered if isinstance(entry, VisorContact)],
        other_contacts=[entry for entry in ordered if isinstance(entry, Contact)],
    )


def _residence(chosen: Source, others: Sequence[Source], _past: Past) -> Record:
    stays: dict[object, Stay] = {}
    for source in _newest_first(chosen, others):
        for stay in _as(Residence, source).stays:
            place = (stay.premises_code or stay.premises, stay.start)
            known = (source.system, stay.reference) if stay.reference else place
            stays.setdefault(known if all(known) else stay.model_dump_json(), stay)
    ordered = sorted(stays.values(), key=lambda stay: str(stay.start or ""), reverse=True)
    return Residence(stays=ordered)


def _newest_first(chosen: Source, others: Sequence[Source]) -> list[Source]:
    return sorted((chosen, *others), key=lambda source: (source.as_of, source.record_id))[::-1]


def _as(model: type[T], source: Source) -> T:
    if not isinstance(source.record, model):
        raise TypeError(f"expected a {model.kind} record")
    return source.record


_COMBINE: dict[Kind, Callable[[Source, Sequence[Source], Past], Record]] = {
    Kind.PERSON: _person,
    Kind.CASE_TEAM: _case_team,
    Kind.CUSTODY: _custody,
    Kind.MAPPA: _mappa,
    Kind.ROSH: _rosh,
    Kind.CONTACTS: _contacts,
    Kind.RESIDENCE: _residence,
}
