"""What became of the payloads of a file, counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.ingest.apply import Filed

_TALLIES = ("outcomes", "warnings", "reasons")


@dataclass(slots=True)
class Counts:
    """Payloads by outcome, record versions filed, warnings and reasons of refusal by their code."""

    outcomes: Counter[str] = field(default_factory=Counter)
    records: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @classmethod
    def parsed(cls, text: str) -> "Counts":
        """As `text` wrote it."""
        kept: dict[str, Any] = orjson.loads(text)
        tallies = {name: Counter(kept.get(name, {})) for name in _TALLIES}
        return cls(records=kept.get("records", 0), **tallies)

    def text(self) -> str:
        """As JSON."""
        tallies = {name: dict(getattr(self, name)) for name in _TALLIES}
        return orjson.dumps({"records": self.records, **tallies}).decode()

    def plus(self, results: Iterable[tuple[Mapping[str, Any], Sequence[Filed]]]) -> "Counts":
        """These, and what became of a batch (`push.file_all`)."""
        sum_ = Counts.parsed(self.text())
        for result, filed in results:
            sum_.outcomes[result["outcome"]] += 1
            sum_.records += sum(one.outcome != "unchanged" for one in filed)
            sum_.warnings.update({one["code"] for one in result["warnings"]})
            if "reason" in result:
                sum_.reasons[result["reason"]["code"]] += 1
        return sum_
