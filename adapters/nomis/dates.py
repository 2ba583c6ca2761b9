"""Sentence dates, and orders of days that cannot be."""

from datetime import date

from adapters.reading import Node
from schemas.custody import SentenceDates

PLACES = {
    "sentence_start": "sentenceStartDate",
    "conditional_release": "conditionalReleaseDate",
    "automatic_release": "automaticReleaseDate",
    "non_parole": "nonParoleDate",
    "parole_eligibility": "paroleEligibilityDate",
    "post_recall_release": "postRecallReleaseDate",
    "licence_expiry": "licenceExpiryDate",
    "sentence_expiry": "sentenceExpiryDate",
    "supervision_start": "topupSupervisionStartDate",
    "supervision_expiry": "topupSupervisionExpiryDate",
    "home_detention_curfew_eligibility": "homeDetentionCurfewEligibilityDate",
    "home_detention_curfew_actual": "homeDetentionCurfewActualDate",
    "home_detention_curfew_end": "homeDetentionCurfewEndDate",
    "actual_parole": "actualParoleDate",
    "tariff": "tariffDate",
}
"""Where each sentence date stands in a prisoner and in an answer about sentence dates."""


def sentence_dates(node: Node) -> SentenceDates | None:
    """The sentence dates. NOMIS itself gives a date that somebody has set (`…OverrideDate`)
    beside the one it worked out; the one that was set holds."""
    held = node.value.keys() if isinstance(node.value, dict) else ()
    found = {field: node[place].day() for field, place in PLACES.items()}
    for field, place in PLACES.items():
        if (by_hand := f"{place.removesuffix('Date')}OverrideDate") in held:
            found[field] = node[by_hand].day() or found[field]
    dates = SentenceDates(**found)
    if dates == SentenceDates():
        return None
    actual = node[PLACES["home_detention_curfew_actual"]]
    before(actual, dates.home_detention_curfew_eligibility, dates.home_detention_curfew_actual)
    before(node[PLACES["licence_expiry"]], dates.licence_expiry, dates.sentence_expiry)
    before(node[PLACES["sentence_expiry"]], dates.sentence_start, dates.sentence_expiry)
    return dates


def before(node: Node, earlier: date | None, later: date | None) -> None:
    """Leave a `contradiction` where what comes first is later."""
    if earlier and later and earlier > later:
        node.warn("contradiction")
