"""Cases in the tables of scores: what their columns can hold."""

from hypothesis import strategies as st

from adapters.score_tables import ScoreTable
from adapters.testing.roundtrip import Documents
from adapters.testing.values import TEXT, Maker, Strategy
from schemas.kinds import Kind
from schemas.rosh import RiskScore


def scores_of(tool: ScoreTable) -> Strategy:
    """Results of one tool on the scales for which its table has a column."""
    fields = ["assessedBy", "assessedOn", *(["score"] if tool.results[0].figure else [])]
    own = st.fixed_dictionaries(
        {
            "tool": st.just(tool.tool),
            "scale": st.sampled_from([one.scale for one in tool.results]),
            "band": st.sampled_from(["LOW", "MEDIUM", "HIGH", "VERY_HIGH"]) | TEXT,
        }
    )
    others = Maker(fields).record(RiskScore)
    return st.lists(st.tuples(others, own).map(lambda pair: pair[0] | pair[1]), max_size=4)


def with_scores(documents: Documents) -> Documents | None:
    """A table of a case without scores has no row."""
    return documents if documents.get(Kind.ROSH, {}).get("scores") else None
