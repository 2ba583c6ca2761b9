"""What agreement and disagreement are worth: the documented weights of the linkage.

For each outcome of a comparison `m` is how often it is seen in two records of one person, `u` how
often in records of two; its weight is log2(m / u) bits. The figures are judgements, from what
docs/identity.md says, and fixed: the same records always give the same weights.

Relatives are the danger: twins share surname, date of birth and address, a father and his son may
share the whole name. So what a household shares is worth little (a postcode, unless
forename and date of birth agree as well) and a forename that is merely alike counts against: no
sum of what relatives share reaches `UPPER`.
"""

from dataclasses import dataclass
from math import log2

from gateway.identity.describe import NUMBERS

PRIOR = 1 / 280_000
"""That two records picked at random are one person's: a tenth of 58,637 people known twice."""
UPPER = 4.75
"""Bits above which two persons are proposed as probably one."""
LOWER = 0.0
"""Bits above which two may be one: more likely than not."""


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison: when (SQL over `_l` and `_r` columns), and what it says."""

    label: str
    when: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        """In bits; positive speaks for one person."""
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, in which section of the person record it stands, and its outcomes: the
    first that applies counts. `unknown` says when there is nothing to compare."""

    name: str
    section: str
    unknown: str
    levels: tuple[Level, ...]


ALIKE = "(jaro_winkler_similarity({0}_l, {0}_r) >= 0.88 OR damerau_levenshtein({0}_l, {0}_r) <= 1)"
SWAPPED = "(forename_l = surname_r AND surname_l = forename_r)"
SHARED = "len(list_intersect(postcodes_l, postcodes_r)) > 0"
DIFFERENT = "TRUE"


def _conflict(*schemes: str) -> str:
    return " OR ".join(f"({one}_l <> {one}_r)" for one in schemes)


def _loose(how: str) -> str:
    """A malformed number of one against the valid number of the other, of any scheme."""
    pairs = [
        (f"loose_{scheme}_{a}", f"{scheme}_{b}") for scheme in NUMBERS for a, b in ("lr", "rl")
    ]
    return " OR ".join(f"({how.format(bad=bad, good=good)})" for bad, good in pairs)


NO_LETTER = _loose("{bad} = left({good}, len({good}) - 1)")
ONE_WRONG = _loose("right({bad}, 1) = right({good}, 1) AND damerau_levenshtein({bad}, {good}) <= 1")


COMPARISONS = (
    Comparison(
        "forenames",
        "identity",
        "forename_l IS NULL OR forename_r IS NULL",
        (
            Level("all agree", "forename_l = forename_r AND others_l = others_r", 0.3, 0.0003),
            Level(
                "the first agrees, initials of the others",
                "forename_l = forename_r AND (others_l = initials_r OR initials_l = others_r)",
                0.15,
                0.001,
            ),
            Level(
                "the first agrees, no others to compare",
                "forename_l = forename_r AND (others_l IS NULL OR others_r IS NULL"
                " OR starts_with(others_l, others_r) OR starts_with(others_r, others_l))",
                0.38,
                0.012,
            ),
            Level("the first agrees, others differ", "forename_l = forename_r", 0.02, 0.012),
            Level("swapped with the surname", SWAPPED, 0.01, 0.000001),
            Level("alike", ALIKE.format("forename"), 0.001, 0.045),
            Level("differ", DIFFERENT, 0.02, 0.94),
        ),
    ),
    Comparison(
        "surname",
        "identity",
        "surname_l IS NULL OR surname_r IS NULL",
        (
            Level("agrees", "surname_l = surname_r", 0.87, 0.001),
            Level("swapped with the forename", SWAPPED, 0.01, 0.01),
            Level(
                "agrees with a former name",
                "list_contains(aliases_l, surname_r) OR list_contains(aliases_r, surname_l)",
                0.03,
                0.0002,
            ),
            Level(
                "one letter wrong or two swapped",
                "damerau_levenshtein(surname_l, surname_r) <= 1 AND len(surname_l) > 3",
                0.03,
                0.0003,
            ),
            Level("alike", ALIKE.format("surname"), 0.01, 0.002),
            Level("differs", DIFFERENT, 0.06, 0.987),
        ),
    ),
    Comparison(
        "date of birth",
        "identity",
        "",
        (
            Level("not known of both", "born_l IS NULL OR born_r IS NULL", 0.02, 0.08),
            Level(
                "agrees, on a first of January",
                "born_l = born_r AND born_l LIKE '%0101'",
                0.01,
                0.003,
            ),
            Level("agrees", "born_l = born_r", 0.92, 0.00007),
            Level(
                "day and month swapped",
                "substr(born_l, 1, 4) = substr(born_r, 1, 4)"
                " AND substr(born_l, 5, 2) = substr(born_r, 7, 2)"
                " AND substr(born_l, 7, 2) = substr(born_r, 5, 2)",
                0.015,
                0.0001,
            ),
            Level(
                "one digit wrong or two swapped",
                "damerau_levenshtein(born_l, born_r) <= 1"
                " AND abs(CAST(substr(born_l, 1, 4) AS INT) - CAST(substr(born_r, 1, 4) AS INT))"
                " < 10",
                0.025,
                0.0015,
            ),
            Level("differs", DIFFERENT, 0.02, 0.998),
        ),
    ),
    Comparison(
        "gender",
        "identity",
        "gender_l IS NULL OR gender_r IS NULL",
        (
            Level("agrees", "gender_l = gender_r", 0.99, 0.8),
            Level("differs", DIFFERENT, 0.01, 0.2),
        ),
    ),
    Comparison(
        "postcode",
        "addresses",
        "postcodes_l IS NULL OR postcodes_r IS NULL",
        (
            Level(
                "one in common, and forename and date of birth agree",
                f"{SHARED} AND forename_l = forename_r AND born_l = born_r",
                0.45,
                0.0005,
            ),
            Level("one in common", SHARED, 0.05, 0.003),
            Level(
                "one district in common",
                "len(list_intersect(districts_l, districts_r)) > 0",
                0.12,
                0.08,
            ),
            Level("none in common", DIFFERENT, 0.4, 0.91),
        ),
    ),
    Comparison(
        "identifiers",
        "identifiers",
        "",
        (
            Level("one the same but for a letter left out", NO_LETTER, 0.06, 0.00001),
            # Relatives arrested together get numbers one after the other: a slip makes one of them
            # the other, so it counts only where forename and date of birth say the same.
            Level(
                "one the same but for a character, and forename and date of birth agree",
                f"({ONE_WRONG}) AND forename_l = forename_r AND born_l = born_r",
                0.06,
                0.00001,
            ),
            Level("two valid PNC or CRO numbers", _conflict("pnc", "cro"), 0.005, 0.7),
            Level("two prison numbers", _conflict("noms"), 0.02, 0.5),
            Level("two CRNs", _conflict("crn"), 0.15, 0.5),
            Level("none to compare", DIFFERENT, 0.5, 0.5),
        ),
    ),
)
