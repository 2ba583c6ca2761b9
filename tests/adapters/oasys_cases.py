"""Cases in OASys's answers: the questions, tools and needs that it has."""

from typing import Any

from hypothesis import strategies as st

from adapters.oasys import needs, self_harm
from adapters.oasys.scores import OASYS as OWN
from adapters.oasys.scores import Place
from adapters.oasys.write_scores import NEWER
from adapters.testing.roundtrip import Documents, Narrowed
from adapters.testing.values import TEXT, Maker, Strategy, identifiers
from schemas.identifiers import Scheme
from schemas.kinds import Kind
from schemas.rosh import Need, RiskScore

ANSWER = st.sampled_from(["YES", "NO", "DK", "NA"]) | TEXT
FIGURE: Strategy = st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)
TOPICS = [
    f"{topic}{end}" for topic in self_harm.TOPICS.values() for end in self_harm.TOPIC_TEXTS.values()
]


def named(answers: dict[str, str], texts: dict[str, str], more: list[str]) -> Strategy:
    """Any of the answers and texts that have a place."""
    words = st.dictionaries(st.sampled_from([*answers.values()]), ANSWER, max_size=8)
    free = st.dictionaries(st.sampled_from([*texts.values(), *more]), TEXT, max_size=8)
    return st.tuples(words, free).map(lambda pair: pair[0] | pair[1])


def score(place: Place) -> Strategy:
    """A result of one tool, dated or not."""
    kind = place.static_or_dynamic
    fixed: dict[str, Strategy] = {"tool": st.just(place.tool), "scale": st.just(place.scale)}
    fixed["score" if place.score else "band"] = FIGURE if place.score else TEXT
    if kind and kind.startswith("="):
        fixed["staticOrDynamic"] = st.just(kind[1:])
    free: dict[str, Strategy] = {"band": TEXT} if place.band and place.score else {}
    if kind == "rsrStaticOrDynamic":
        free["staticOrDynamic"] = st.sampled_from(["STATIC", "DYNAMIC"])
    whole = Maker(["assessedOn"]).record(RiskScore)
    own = st.fixed_dictionaries(fixed, optional=free)
    return st.tuples(whole, own).map(lambda pair: pair[0] | pair[1])


def need(tool: str, areas: list[str]) -> Strategy:
    """One need of a generation, with something said of it."""
    words = ["linkedToHarm", "linkedToReoffending", *(["strength"] if tool == needs.SAN else [])]
    free = Maker(["threshold", *words], dict.fromkeys(words, ANSWER)).record(Need)
    fixed = st.fixed_dictionaries(
        {"tool": st.just(tool), "area": st.sampled_from(areas), "score": st.integers(0, 9)}
    )
    return st.tuples(free, fixed).map(lambda pair: pair[0] | pair[1])


def tidied(documents: Documents) -> Documents | None:
    """A need is scored once; an assessment without a date has no dated scores."""
    rosh: dict[str, Any] = documents.get(Kind.ROSH, {})
    rosh["needs"] = list({(n["tool"], n["area"]): n for n in rosh.get("needs", [])}.values())
    if not rosh.get("assessedOn"):
        rosh["scores"] = [one | {"assessedOn": None} for one in rosh.get("scores", [])]
    return documents


OASYS = Narrowed(
    {
        "person.name.forenames": st.lists(TEXT, max_size=1),
        "person.identifiers": identifiers(Scheme.CRN, Scheme.NOMS, Scheme.PNC),
        "rosh.selfHarm": named(self_harm.ANSWERS, self_harm.TEXTS, TOPICS),
        "rosh.otherRisks": named(self_harm.OTHER, self_harm.OTHER_TEXTS, ["risk-to-others"]),
        "rosh.scores": st.lists(st.sampled_from([*OWN, *NEWER]).flatmap(score), max_size=4),
        "rosh.needs": st.lists(
            need(needs.OASYS, list(needs.SECTIONS.values()))
            | need(needs.SAN, list(needs.SAN_SECTIONS.values())),
            max_size=4,
        ),
    },
    tidied,
)
