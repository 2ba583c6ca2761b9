"""Probabilistic linkage with Splink on DuckDB, in memory and in this process.

An extra (`pip install mappa-gateway[identity]`): without it nothing is proposed, and every doubt
is a manual review as before. No network, no training, one thread: the same records always give
the same pairs and weights.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from gateway.identity.describe import COLUMNS, LISTS, Described
from gateway.identity.weights import COMPARISONS, PRIOR, Comparison

MEMORY = "2GB"
"""At most: enough for 250,000 people."""
IN_MEMORY: dict[str, Any] = {
    "threads": 1,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""Else DuckDB would write names to a folder of its own where memory is short, and fetch what it
lacks from the network."""
BLOCKING = (
    "l.born = r.born",
    "l.surname = r.surname AND l.forename = r.forename",
    "l.surname = r.forename AND l.forename = r.surname",
    "l.any_pnc = r.any_pnc",
)
"""Only pairs that agree in one of these are compared at all; each is an equality join."""


class LinkageUnavailableError(LookupError):
    """The extra `identity` is not installed, or there are more people than memory for them."""


class Found(NamedTuple):
    """One part of the evidence: what was compared, what came of it, and its weight in bits."""

    comparison: str
    section: str
    outcome: str
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who may be one person, and why."""

    first: str
    second: str
    weight: float
    evidence: tuple[Found, ...]


def pairs(people: Iterable[Described], at_least: float) -> list[Pair]:
    """Pairs of a weight of `at_least` bits, the weightiest first.

    Raises `LinkageUnavailableError` where Splink is not installed, and where memory is short.
    """
    try:
        import duckdb
        import pyarrow
        from splink import DuckDBAPI, Linker
    except ImportError:
        raise LinkageUnavailableError(
            "the linkage is an extra: pip install 'mappa-gateway[identity]'"
        ) from None
    logging.getLogger("splink").setLevel(logging.ERROR)
    text, texts = pyarrow.string(), pyarrow.list_(pyarrow.string())
    columns = [(name, texts if name in LISTS else text) for name in COLUMNS]
    ordered = sorted(people, key=_by_id)
    table = pyarrow.Table.from_pylist(ordered, schema=pyarrow.schema(columns))
    if len(table) < 2:
        return []
    config = IN_MEMORY | {"memory_limit": MEMORY}
    with duckdb.connect(":memory:", config=config) as connection:
        registered = DuckDBAPI(connection).register(table, table_name="people")
        linker = Linker(registered, _settings(), log_level=logging.ERROR)
        try:
            predicted = linker.inference.predict(threshold_match_weight=at_least)
        except Exception as error:  # Splink's own, of what DuckDB raised
            if not isinstance(error.__cause__, duckdb.OutOfMemoryException):
                raise
            raise LinkageUnavailableError(
                f"{MEMORY} of memory are too little to compare {len(table):,} people"
            ) from None
        return sorted(_found(predicted.as_record_list()), key=_weightiest_first)


def _by_id(one: Described) -> str:
    return str(one["id"])


def _settings() -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "id",
        "probability_two_random_records_match": PRIOR,
        "blocking_rules_to_generate_predictions": [{"blocking_rule": one} for one in BLOCKING],
        "comparisons": [_comparison(one) for one in COMPARISONS],
        "retain_intermediate_calculation_columns": True,
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    unknown = {
        "sql_condition": one.unknown or "FALSE",
        "label_for_charts": "not known of both",
        "is_null_level": True,
    }
    levels = [
        {
            "sql_condition": level.when if n < len(one.levels) else "ELSE",
            "label_for_charts": level.label,
            "m_probability": level.m,
            "u_probability": level.u,
        }
        for n, level in enumerate(one.levels, start=1)
    ]
    return {"output_column_name": _column(one), "comparison_levels": [unknown, *levels]}


def _column(one: Comparison) -> str:
    return one.name.replace(" ", "_")


def _found(rows: Iterable[dict[str, Any]]) -> Iterator[Pair]:
    for row in rows:
        first, second = sorted((row["id_l"], row["id_r"]))
        evidence = tuple(_part(row, one) for one in COMPARISONS)
        yield Pair(first, second, round(row["match_weight"], 2), evidence)


def _part(row: dict[str, Any], one: Comparison) -> Found:
    """Splink numbers the outcomes from the last (0) to the first; -1 is nothing to compare."""
    number = row[f"gamma_{_column(one)}"]
    if number < 0:
        return Found(one.name, one.section, "not known of both", 0.0)
    level = one.levels[len(one.levels) - 1 - number]
    return Found(one.name, one.section, level.label, round(level.weight, 2))


def _weightiest_first(pair: Pair) -> tuple[float, str, str]:
    return (-pair.weight, pair.first, pair.second)
