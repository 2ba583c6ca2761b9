"""Where each canonical field is read from in PPUD. Nothing is written back to it."""

from adapters.writing import Line, Way
from schemas.kinds import Kind

_PLACES: dict[Kind, dict[str, str]] = {
    Kind.PERSON: {
        "name.forenames": "firstNames",
        "name.surname": "familyName",
        "dateOfBirth": "dateOfBirth",
        "gender": "gender",
        "ethnicity": "ethnicity",
        "identifiers[].scheme": "nomsId, croNumber, croOtherNumber, prisonNumber",
        "identifiers[].value": "nomsId, croNumber, croOtherNumber, prisonNumber",
        "identifiers[].verified": "",
        "addresses[].lines": "address.premises, line1, line2",
        "addresses[].postcode": "address.postcode",
        "telephoneNumbers": "address.phoneNumber",
    },
    Kind.MAPPA: {
        "level": "sentences.mappaLevel",
        "levelCode": "sentences.mappaLevel",
        "disagreements[].system": "sentences.mappaLevel",
        "disagreements[].level": "sentences.mappaLevel",
    },
    Kind.CUSTODY: {
        "locationDescription": "establishment",
        "bookingNumber": "prisonNumber",
        "securityCategory": "prisonerCategory",
        "imprisonmentStatusDescription": "sentences.custodyType",
        "mostSeriousOffence": "sentences.offence.indexOffence",
        "release": "sentences.releaseDate",
        "sentenceDates.sentenceStart": "sentences.dateOfSentence",
        "sentenceDates.licenceExpiry": "sentences.licenceExpiryDate",
        "sentenceDates.sentenceExpiry": "sentences.sentenceExpiryDate",
        "sentenceDates.tariff": "sentences.tariffExpiryDate",
    },
}
LINES = tuple(
    Line(kind, field, place, Way.IN)
    for kind, places in _PLACES.items()
    for field, place in places.items()
)
