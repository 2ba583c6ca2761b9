"""The access matrix: what the policies allow, as a table that is reviewed as a diff.

`python -m policies.matrix` writes `policies/matrix.csv`; `--check` fails where it is out of date.
Whatever has no row is denied. Limited access is not a column: whoever it bars has no row at all.
A cell lists alternatives with `|` and things needed together with `+`; `any` is no condition.
"""

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from pathlib import Path

from policies.actions import Action, Service
from policies.attributes import Asker, Link
from policies.engine import Engine
from policies.purposes import Purpose
from schemas.kinds import Kind

FILE = Path(__file__).with_name("matrix.csv")
HEADER = ("role", "purpose", "action", "kind", "section", "agency", "vetting", "link", "rules")
AGENCIES = ("probation", "police", "prison", "victim-liaison", "mappa", "other")
"""Agencies with a part of their own; `other` stands for the rest."""
VETTINGS = (None, "BPSS", "NPPV3", "MV")
LINKS = ("assigned", "area", "holding")
OWN = "own-system"
"""Stands for a system that a client is registered for."""

SUBSETS = tuple(frozenset(c) for size in range(4) for c in combinations(LINKS, size))


def targets(engine: Engine) -> list[tuple[Action, str]]:
    """Every action with what it can be about: a kind, a system whose form it is, a service."""
    about: dict[Action, Iterable[str]] = {Action.READ: Kind, Action.EXPORT: engine.systems}
    return [(action, str(kind)) for action in Action for kind in about.get(action, Service)]


def rows(engine: Engine) -> Iterator[tuple[str, ...]]:
    """Every combination that is allowed or releases something, in a fixed order."""
    for role, purpose, (action, kind) in product(engine.roles, Purpose, targets(engine)):
        grants = list(_grants(engine, role, purpose, action, kind))
        for (vetting, rules), agencies in _alike((g[1:], g[0]) for g in grants):
            if action is not Action.READ:
                yield (role, purpose, action, kind, "", _cell(agencies), vetting, "any", rules)
                continue
            found = (
                ((section, link, rules), agency)
                for agency in agencies
                for section, link, rules in _sections(engine, role, agency, Kind(kind), purpose)
            )
            for (section, link, names), where in _alike(found):
                yield (role, purpose, action, kind, section, _cell(where), vetting, link, names)


def _grants(
    engine: Engine, role: str, purpose: str, action: str, kind: str
) -> Iterator[tuple[str, str, str]]:
    """Agency, vettings and permitting rules of each agency in which the role may do this."""
    for agency in AGENCIES:
        if not engine.permission(_asker(role, agency, "MV"), action, kind, purpose, OWN).allowed:
            continue
        verdicts = {
            vetting: engine.permission(_asker(role, agency, vetting), action, kind, purpose, OWN)
            for vetting in VETTINGS
        }
        enough = [str(vetting) for vetting, verdict in verdicts.items() if verdict.allowed]
        cell = "any" if len(enough) == len(VETTINGS) else "|".join(enough)
        yield agency, cell, "+".join(verdicts["MV"].rules)


def _sections(
    engine: Engine, role: str, agency: str, kind: Kind, purpose: str
) -> Iterator[tuple[str, str, str]]:
    """Section, least links needed, and releasing rules of all that may leave."""
    least: dict[tuple[str, str], list[frozenset[str]]] = {}
    asker = _asker(role, agency, "MV")
    for links in SUBSETS:
        link = Link(**dict.fromkeys(links, True))  # type: ignore[arg-type]
        release = engine.release(asker, kind, purpose, link)
        for section in sorted(release.released):
            held = least.setdefault((section, "+".join(release.rules)), [])
            if not any(less <= links for less in held):
                held.append(links)
    for (section, rules), needed in least.items():
        cells = ("+".join(n for n in LINKS if n in links) or "any" for links in needed)
        yield section, "|".join(cells), rules


def _asker(role: str, agency: str, vetting: str | None) -> Asker:
    return Asker((role,), agency, vetting, (OWN,))


def _alike(pairs: Iterable[tuple[tuple[str, ...], str]]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Agencies to which the same applies, together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for same, agency in pairs:
        groups.setdefault(same, []).append(agency)
    return list(groups.items())


def _cell(agencies: Sequence[str]) -> str:
    return "any" if len(agencies) == len(AGENCIES) else "|".join(agencies)


def text(engine: Engine) -> str:
    """The matrix as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows(engine))
    return out.getvalue()


def main(arguments: Sequence[str], file: Path = FILE) -> int:
    """Write or check; returns the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m policies.matrix [--check]", file=sys.stderr)
        return 2
    current = text(Engine.load())
    if not arguments:
        file.write_text(current, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != current:
        print("matrix.csv is not what the policies say: python -m policies.matrix", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
