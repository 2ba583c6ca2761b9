"""The police form, element by element, beside the canonical field each one carries.

One table serves both directions, so that reading and writing cannot drift apart. Every element
may be missing: inbound because the source does not know it, outbound because it was withheld.
"""

from adapters.visor.form import Element, Form, group, many, one, some

NAME = (many("forename", "forenames"), *some("surname"), one("date-of-birth", Form.DAY))
IDENTIFIER = (*some("scheme", "value", form=Form.WORD), one("system", answer=True))
ADDRESS = (
    many("line", "lines"),
    one("postcode"),
    one("no-fixed-abode", Form.FLAG),
    one("type"),
    *some("start", "end", form=Form.DAY),
)
PERSON = (
    group("name", NAME),
    many("alias", "aliases", NAME),
    one("date-of-birth", Form.DAY),
    one("gender"),
    many("identifier", "identifiers", IDENTIFIER),
    many("address", "addresses", ADDRESS),
    many("telephone", "telephoneNumbers"),
    many("email", "emailAddresses"),
    one("ethnicity"),
    many("nationality", "nationalities"),
    *some("religion", "language"),
    one("interpreter-required", Form.FLAG),
    one("status", answer=True),
)

MEMBER = (
    *some("agency", "role", form=Form.WORD),
    *some("staff-id", "name", "team", "team-code", "area"),
    one("allocated", Form.FLAG),
    one("from", Form.DAY, "start"),
    one("to", Form.DAY, "end"),
    *some("telephone", "email", "team-telephone", "team-email"),
)

_VIEW = some("system", "category", "level", "start")
_CHANGE = some("effective", "category-from", "category-to", "level-from", "level-to", "system")
MAPPA = (
    one("category", Form.CATEGORY),
    one("level", Form.LEVEL),
    *some("start", "end", "review-due", form=Form.DAY),
    *some("lead-agency", "area", "notes"),
    many("disagreement", "disagreements", _VIEW, answer=True),
    many("change", "history", _CHANGE, answer=True),
)

GROUPS = some("children", "public", "known-adult", "staff", "prisoners", form=Form.ROSH)
FLAG = (
    *some("code", "description", "level"),
    *some("start", "review-due", "end", form=Form.DAY),
    one("notes"),
)
SCORE = (
    one("tool", Form.WORD),
    one("scale"),
    one("value", Form.NUMBER, "score"),
    *some("band", "static-or-dynamic", "assessed-by"),
    one("assessed-on", Form.DAY),
    one("system", answer=True),
)
_DIFFERENCE = (one("tool", Form.WORD), one("scale"), many("view", "views", SCORE))
_OFFENCE = some("type", "code", "sub-code", "description", "committed")
_OFFENDING = (
    *some("account", "pattern", "weapon", "other-motivation"),
    many("involved", "involved"),
    many("disinhibitor", "disinhibitors"),
    many("motivation", "motivations"),
    many("offence", "offences", _OFFENCE),
)
ROSH = (
    *some("assessed-on", "signed-on", form=Form.TIME),
    *some("status", "assessment-type"),
    one("newer-assessment-exists", Form.FLAG),
    one("overall", Form.ROSH),
    group("in-community", GROUPS),
    group("in-custody", GROUPS),
    many("disagreement", "disagreements", some("system", "overall", "assessed-on"), answer=True),
    *some("who-is-at-risk", "nature", "imminence", "increasing-circumstances"),
    *some("reducing-factors", "analysis"),
    many("flag", "flags", FLAG),
    many("score", "scores", SCORE),
    many("score-disagreement", "scoreDisagreements", _DIFFERENCE, answer=True),
    Element("offence-analysis", "offenceAnalysis", Form.PARTS, answer=True, parts=_OFFENDING),
    one("self-harm", Form.ENTRIES),
)

PLAN: tuple[Element, ...] = (
    *some("assessment-id", "assessment-type", "assessment-status"),
    *some("initiated", "completed", "signed", "countersigned"),
    *some("newer-in-progress", "newer-awaiting-signature", "newer-part-completed"),
    *some("newer-completed", "key-information", "further-considerations", "supervision"),
    *some("monitoring-and-control", "interventions-and-treatment", "victim-safety-planning"),
    one("contingency-plans"),
)
_GEOMETRY = some("filename", "media-type", "description", "geojson")
_CONDITION = (
    *some("type", "regime", "zone-exists", "code", "category", "text", "expanded-text"),
    one("data", Form.ENTRIES),
    many("electronic-monitoring", "electronicMonitoring"),
    many("geometry", "geometry", _GEOMETRY),
)
LICENCE = (
    *some("licence-id", "status", "in-force", "policy-version", "start", "expiry"),
    many("condition", "conditions", _CONDITION),
)
_SENTENCE_DATES = (
    *some("sentence-start", "conditional-release", "automatic-release", "non-parole"),
    *some("parole-eligibility", "post-recall-release", "licence-expiry", "sentence-expiry"),
    *some("supervision-start", "supervision-expiry", "home-detention-curfew-eligibility"),
    *some("home-detention-curfew-actual", "tariff"),
)
_ALERT = some("code", "type", "description", "active", "expired", "start", "end")
CUSTODY = (
    *some("prison", "prison-name", "location-code", "status", "booking-number"),
    *some("restricted-patient", "legal-status", "indeterminate", "recalled", "release"),
    one("confirmed-release"),
    group("sentence-dates", _SENTENCE_DATES),
    many("temporary-release", "temporaryReleases", some("type", "start", "end")),
    many("alert", "alerts", _ALERT),
)
_CONTACT = (
    *some("reference", "at", "type-code", "type", "outcome-code", "outcome", "description"),
    *some("notes", "sensitive", "written-by"),
)
ACTIVITY = (many("contact", "visorContacts", _CONTACT),)
"""Of probation's contacts, those it marked for ViSOR and never the others."""
_STAY = (
    *some("reference", "premises", "premises-code"),
    many("address-line", "address"),
    *some("postcode", "telephone", "room", "status", "start", "expected-end", "end"),
    *some("end-reason", "key-worker", "key-worker-telephone", "curfew"),
)
RESIDENCE = (many("stay", "stays", _STAY),)
SUMMARY = some("meeting-id", "meeting-date", "executive-summary")
"""Of the minutes, the police form holds the executive summary and never the rest."""
