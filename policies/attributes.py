"""What a decision is made from, and what it says. Attributes only: never who or about whom."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks. `systems` are those a case-system client is registered for."""

    roles: tuple[str, ...]
    agency: str
    vetting: str | None = None
    systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """How the asker stands to the person at this moment; the default is a stranger.

    `assigned`: named in the case team. `area`: the person's MAPPA area or probation region is the
    asker's. `holding`: held in the asker's prison. `limited`: what limited access says of the two.
    """

    assigned: bool = False
    area: bool = False
    holding: bool = False
    limited: Literal["open", "named", "barred"] = "open"
    category: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rules` are the policies that decided: permits, or limits; none means denied by default."""

    allowed: bool
    rules: tuple[str, ...]

    @property
    def limited(self) -> bool:
        """Denied by a limit, which no other role can make good."""
        return not self.allowed and bool(self.rules)


@dataclass(frozen=True, slots=True)
class Release:
    """The sections of one kind that may leave, and why each of the others may not.

    `withheld` pairs a section with the limit that withheld it, or with `default-deny`, in the
    order of the schema and whether or not the record holds anything there. `rules` are the
    permits that released the rest.
    """

    released: frozenset[str]
    withheld: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]


DENIED = Verdict(allowed=False, rules=())
DEFAULT_DENY = "default-deny"
