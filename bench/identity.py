"""`python -m bench.identity`: how well the linkage tells one person from two.

Measures precision and recall over the threshold on an invented population (`bench.synthetic`),
counts false proposals among relatives, and draws `docs/pictures/identity.svg`.
"""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bench.synthetic import Population, population
from gateway.identity import linkage
from gateway.identity.describe import described
from gateway.identity.linkage import Pair
from gateway.identity.weights import UPPER

PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "identity.svg"
LOWEST, HIGHEST, STEPS = -8.0, 16.0, 4
"""The threshold is moved from the lowest to the highest in so many steps for each bit."""


@dataclass(frozen=True, slots=True)
class Point:
    """What is proposed at one threshold."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The whole measurement. `relatives` counts pairs of relatives above `UPPER`, of how many."""

    records: int
    same: int
    curve: tuple[Point, ...]
    at_upper: Point
    wrong: int
    relatives: dict[str, tuple[int, int]]
    heaviest_relatives: float
    seconds: float

    def told(self) -> str:
        """As the page on identity says it."""
        lines = [
            f"{self.records:,} records, {self.same:,} pairs of one person's "
            f"without a valid number in common, in {self.seconds:.1f} s",
            f"above {UPPER:g} bits: precision {self.at_upper.precision:.4f} "
            f"({self.wrong} wrong), recall {self.at_upper.recall:.4f}",
            f"heaviest pair of relatives: {self.heaviest_relatives:.2f} bits",
            *(f"{kin}: {bad} of {all_} above" for kin, (bad, all_) in self.relatives.items()),
        ]
        return "\n".join(lines)


def measure(people: int, seed: int) -> Measured:
    """Link an invented population and compare with the truth."""
    made = population(people, seed)
    began = time.perf_counter()
    found = linkage.pairs((described(*one) for one in made.records.items()), LOWEST)
    took = time.perf_counter() - began
    upper = [pair for pair in found if pair.weight >= UPPER]
    kin = Counter(made.kin.values())
    bad = Counter(made.kin[_names(p)] for p in upper if _names(p) in made.kin)
    heaviest = max((p.weight for p in found if _names(p) in made.kin), default=LOWEST)
    steps = range(int(LOWEST * STEPS), int(HIGHEST * STEPS) + 1)
    return Measured(
        records=len(made.records),
        same=len(made.same),
        curve=tuple(_point(found, made, step / STEPS) for step in steps),
        at_upper=_point(found, made, UPPER),
        wrong=sum(_names(pair) not in made.same for pair in upper),
        relatives={name: (bad[name], count) for name, count in sorted(kin.items())},
        heaviest_relatives=heaviest,
        seconds=took,
    )


def _names(pair: Pair) -> tuple[str, str]:
    return pair.first, pair.second


def _point(found: list[Pair], made: Population, threshold: float) -> Point:
    proposed = [pair for pair in found if pair.weight >= threshold]
    right = sum(_names(pair) in made.same for pair in proposed)
    return Point(threshold, right / (len(proposed) or 1), right / len(made.same))


WIDTH, HEIGHT, LEFT, TOP, ACROSS, DOWN = 720, 400, 60, 50, 600, 270


def picture(measured: Measured) -> str:
    """Precision and recall over the threshold, as SVG."""
    lines = {"precision": "#1d70b8", "recall": "#d4351c"}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{LEFT}" y="24" font-size="15">Proposed as one person: precision and recall '
        "over the threshold</text>",
        *_axes(),
    ]
    for name, colour in lines.items():
        points = " ".join(
            f"{_x(p.threshold):.1f},{_y(getattr(p, name)):.1f}" for p in measured.curve
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
    for row, (name, colour) in enumerate(lines.items()):
        value = getattr(measured.at_upper, name)
        parts.append(
            f'<text x="{LEFT + 15}" y="{TOP + DOWN - 40 + 20 * row}" fill="{colour}">'
            f"{name} {value:.4f} at {UPPER:g} bits</text>"
        )
    parts += [
        _upright(UPPER, "#0b0c0c", "proposed above"),
        _upright(measured.heaviest_relatives, "#6f777b", "heaviest relatives", below=True),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes() -> list[str]:
    bottom = TOP + DOWN
    marks = [
        f'<line x1="{LEFT}" y1="{_y(v):.1f}" x2="{LEFT + ACROSS}" y2="{_y(v):.1f}" '
        f'stroke="#dee0e2"/><text x="{LEFT - 8}" y="{_y(v) + 4:.1f}" text-anchor="end">'
        f"{v:.1f}</text>"
        for v in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    ]
    marks += [
        f'<text x="{_x(bits):.1f}" y="{bottom + 20}" text-anchor="middle">{bits}</text>'
        for bits in range(int(LOWEST), int(HIGHEST) + 1, 4)
    ]
    middle = LEFT + ACROSS / 2
    return [
        *marks,
        f'<text x="{middle}" y="{bottom + 42}" text-anchor="middle">match weight, bits</text>',
    ]


def _upright(bits: float, colour: str, label: str, *, below: bool = False) -> str:
    x, y = _x(bits), TOP + DOWN + 58 if below else TOP - 6
    return (
        f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{TOP + DOWN}" stroke="{colour}" '
        f'stroke-dasharray="4 3"/><text x="{x:.1f}" y="{y}" fill="{colour}" '
        f'text-anchor="middle">{label}</text>'
    )


def _x(bits: float) -> float:
    return LEFT + ACROSS * (bits - LOWEST) / (HIGHEST - LOWEST)


def _y(share: float) -> float:
    return TOP + DOWN * (1 - (max(share, 0.5) - 0.5) / 0.5)


def main(
    people: Annotated[int, typer.Option(help="How many invented people.", min=100)] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed is another population.")] = 327,
    output: Annotated[Path, typer.Option(help="Where the picture goes.")] = PICTURE,
) -> None:
    """Measure the linkage and draw the curve."""
    measured = measure(people, seed)
    output.write_text(picture(measured), encoding="utf-8")
    typer.echo(measured.told())


if __name__ == "__main__":
    typer.run(main)
