"""Risk to self: answers and their text under one set of names, whatever interface gave them."""

from adapters.reading import Node

_ANSWERS = {
    "YES": "YES", "Y": "YES", "NO": "NO", "N": "NO", "DON'T KNOW": "DK", "DK": "DK",
    "N/A": "NA", "NA": "NA", "NOT APPLICABLE": "NA",
}  # fmt: skip
_TOPICS = {
    "suicide": "suicide",
    "selfHarm": "self-harm",
    "custody": "custody",
    "hostelSetting": "hostel",
    "vulnerability": "vulnerability",
}
_ASPECTS = {"risk": "", "previous": "-previous", "current": "-current"}
_TEXTS = {"previousConcernsText": "-previous-text", "currentConcernsText": "-current-text"}
_FIELDS = {
    "currentConcernsRiskOfSuicide": "suicide-current",
    "currentConcernsRiskOfSelfHarm": "self-harm-current",
    "currentConcernsCustody": "custody-current",
    "currentConcernsHostel": "hostel-current",
    "currentConcernsVulnerability": "vulnerability-current",
    "pastSuicideConcerns": "suicide-previous",
    "pastSelfHarmConcerns": "self-harm-previous",
    "previousConcernsCustodyCoping": "custody-previous",
    "previousConcernsHostelCoping": "hostel-previous",
    "previousConcernsVulnerability": "vulnerability-previous",
    "concernsRiskOfSuicide": "suicide",
    "concernsRiskOfSelfHarm": "self-harm",
    "concernsCopingInCustody": "custody",
    "concernsCopingInHostel": "hostel",
    "concernsVulnerability": "vulnerability",
}
_FIELD_TEXTS = {
    "currentConcernsSelfHarmSuicide": "suicide-and-self-harm-current-text",
    "previousConcernsSelfHarmSuicide": "suicide-and-self-harm-previous-text",
    "currentCustodyHostelCoping": "custody-and-hostel-current-text",
    "previousCustodyHostelCoping": "custody-and-hostel-previous-text",
    "currentVulnerability": "vulnerability-current-text",
    "previousVulnerability": "vulnerability-previous-text",
}
SCREENING = frozenset(name for name in _FIELDS if name.startswith("concerns"))


def from_topics(node: Node) -> dict[str, str]:
    """`riskToSelf`: a topic each with `risk`, `previous`, `current` and their text."""
    found: dict[str, str | None] = {}
    for name, topic in _TOPICS.items():
        one = node[name]
        found |= {f"{topic}{end}": _answer(one[field]) for field, end in _ASPECTS.items()}
        found |= {f"{topic}{end}": one[field].text() for field, end in _TEXTS.items()}
    return _answered(found)


def from_fields(node: Node) -> dict[str, str]:
    """OASys's own field per question."""
    found = {name: _answer(node[field]) for field, name in _FIELDS.items()}
    found |= {name: node[field].text() for field, name in _FIELD_TEXTS.items()}
    return _answered(found)


def _answer(node: Node) -> str | None:
    """YES, NO, DK or NA; another word verbatim, with a caution."""
    if (text := node.text()) is None:
        return None
    if (answer := _ANSWERS.get(text.strip().upper())) is None:
        node.warn("unknown-code")
    return answer or text


def _answered(found: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in found.items() if value}
