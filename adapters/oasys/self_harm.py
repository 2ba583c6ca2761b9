"""Risk to self, and the other risks: escape, control, trust, other prisoners."""

from adapters.oasys.words import answer, answers, has_any, texts
from adapters.reading import Node

TOPICS = {
    "suicide": "suicide",
    "selfHarm": "self-harm",
    "custody": "custody",
    "hostelSetting": "hostel",
    "vulnerability": "vulnerability",
}
_ASPECTS = {"risk": "", "previous": "-previous", "current": "-current"}
TOPIC_TEXTS = {"previousConcernsText": "-previous-text", "currentConcernsText": "-current-text"}
_SCREENING = {
    "concernsRiskOfSuicide": "suicide",
    "concernsRiskOfSelfHarm|concernsBiskOfSelfHarm": "self-harm",
    "concernsCopingInCustody": "custody",
    "concernsCopingInHostel": "hostel",
    "concernsVulnerability": "vulnerability",
}
_CONCERNS = {
    "currentConcernsRiskOfSuicide": "suicide-current",
    "currentConcernsRiskOfSelfHarm": "self-harm-current",
    "currentConcernsCustody": "custody-current",
    "currentConcernsHostel": "hostel-current",
    "currentConcernsVulnerability|currentConcernsVulnerablity": "vulnerability-current",
    "pastSuicideConcerns": "suicide-previous",
    "pastSelfHarmConcerns": "self-harm-previous",
    "previousConcernsCustodyCoping": "custody-previous",
    "previousConcernsHostelCoping": "hostel-previous",
    "previousConcernsVulnerability": "vulnerability-previous",
}
TEXTS = {
    "currentConcernsSelfHarmSuicide": "suicide-and-self-harm-current-text",
    "previousConcernsSelfHarmSuicide": "suicide-and-self-harm-previous-text",
    "currentCustodyHostelCoping": "custody-and-hostel-current-text",
    "previousCustodyHostelCoping": "custody-and-hostel-previous-text",
    "currentVulnerability": "vulnerability-current-text",
    "previousVulnerability": "vulnerability-previous-text",
}
OTHER = {
    "escapeOrAbscond|concernsEscapeAbscond": "escape",
    "controlIssuesDisruptiveBehaviour|concernsDisruptiveBehaviour": "disruptive",
    "breachOfTrust|concernsBreachOfTrust": "breach-of-trust",
    "riskToOtherPrisoners": "other-prisoners",
    "currentConcernsEscape": "escape-current",
    "currentConcernsDisruptive": "disruptive-current",
    "currentConcernsBreachOfTrust": "breach-of-trust-current",
    "previousConcernsEscape": "escape-previous",
    "previousConcernsDisruptive": "disruptive-previous",
    "previousConcernsBreachOfTrust": "breach-of-trust-previous",
    "everCommittedSexualOffence": "sexual-offence-ever",
}
OTHER_TEXTS = {
    "currentConcernsEscapeText": "escape-current-text",
    "currentConcernsDisruptiveText": "disruptive-current-text",
    "currentConcernsBreachOfTrustText": "breach-of-trust-current-text",
    "previousConcernsEscapeText": "escape-previous-text",
    "previousConcernsDisruptiveText": "disruptive-previous-text",
    "previousConcernsBreachOfTrustText": "breach-of-trust-previous-text",
}
ANSWERS = _SCREENING | _CONCERNS
"""OASys's field for each answer on risk to self."""


def from_topics(node: Node) -> dict[str, str]:
    """`riskToSelf`: a topic each with `risk`, `previous`, `current` and their text."""
    found: dict[str, str | None] = {}
    for name, topic in TOPICS.items():
        one = node[name]
        found |= {f"{topic}{end}": answer(one[field]) for field, end in _ASPECTS.items()}
        found |= {f"{topic}{end}": one[field].text() for field, end in TOPIC_TEXTS.items()}
    return {name: value for name, value in found.items() if value}


def from_fields(node: Node) -> dict[str, str]:
    """OASys's own field per question."""
    return answers(node, ANSWERS) | texts(node, TEXTS)


def other_risks(node: Node) -> dict[str, str]:
    """Escape, control, trust, other prisoners. A risk to others is a code, kept verbatim."""
    found = answers(node, OTHER) | texts(node, OTHER_TEXTS)
    if code := node["offender"]["riskToOthers"].text():
        found["risk-to-others"] = code
    return found


def is_screening(node: Node) -> bool:
    """Whether a row answers the screening questions."""
    return has_any(node, _SCREENING)


def is_concerns(node: Node) -> bool:
    """Whether a row answers the questions of the full analysis, or other risks."""
    return has_any(node, (*_CONCERNS, *TEXTS, *OTHER, *OTHER_TEXTS))
