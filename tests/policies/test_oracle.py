"""Cedar and the plain-Python oracle agree over the whole space of attributes.

The agencies are each role's own and some that it does not belong to; attributes that a decision
cannot depend on are varied by themselves, so that the space stays one that can be walked.
"""

from itertools import product
from typing import Literal

import pytest

from policies.actions import Action, Service
from policies.engine import Asker, Engine, Link
from policies.purposes import Purpose
from schemas.kinds import Agency, Kind
from tests.policies import oracle

STATED: tuple[str | None, ...] = (None, *Purpose)
LIMITED: tuple[Literal["open", "named", "barred"], ...] = ("open", "named", "barred")
LINKS = [
    Link(assigned, area, holding, limited)
    for assigned in (False, True)
    for area in (False, True)
    for holding in (False, True)
    for limited in LIMITED
]
SYSTEMS = ("delius", "oasys", "nomis", "cvl", "visor", "vcms", "arms", "rm2000", "mappa")
OTHERS = ("approved_premises", "ppud", "cpr", "nobody")
ABOUT: dict[Action, tuple[str, ...]] = {
    Action.READ: tuple(Kind),
    Action.EXPORT: (*SYSTEMS, *OTHERS),
}
PAIRS = [(action, kind) for action in Action for kind in ABOUT.get(action, tuple(Service))]
SENSELESS = [
    (action, kind)
    for action, kind in product(Action, [*Kind, *Service, *SYSTEMS, *OTHERS])
    if (action, kind) not in PAIRS and not (action is Action.READ and kind in tuple(Kind))
]


def agencies(role: str) -> list[str]:
    own = oracle.ROLES[role].agencies
    return [*sorted(own), "health"] if own else ["police", "audit"]


@pytest.mark.parametrize("role", oracle.ROLES)
def test_permission(engine: Engine, role: str) -> None:
    for agency, purpose, (action, kind) in product(agencies(role), STATED, PAIRS):
        machine = action in (Action.PUSH, Action.LIST, Action.REPLAY)
        for vetting, systems, system in product(
            (None, "BPSS", "NPPV3", "MV") if action is Action.EXPORT else (None,),
            ((), ("delius",)) if machine else ((),),
            (None, "delius", "visor") if machine else (None,),
        ):
            asker = Asker((role,), agency, vetting, systems)
            expected = oracle.permitted(role, asker, action, kind, purpose, system)
            verdict = engine.permission(asker, action, kind, purpose, system)
            assert verdict.allowed is expected, (role, agency, purpose, action, kind, vetting)
            assert bool(verdict.rules) or not expected


@pytest.mark.parametrize("role", oracle.ROLES)
def test_an_action_on_what_it_does_not_apply_to_is_denied(engine: Engine, role: str) -> None:
    asker = Asker((role,), agencies(role)[0], "MV", ("delius",))
    for (action, kind), purpose in product(SENSELESS, Purpose):
        assert not engine.permission(asker, action, kind, purpose, "delius").allowed


@pytest.mark.parametrize("role", oracle.ROLES)
def test_filter(engine: Engine, role: str) -> None:
    for agency, purpose, link in product(agencies(role), STATED, LINKS):
        asker = Asker((role,), agency)
        expected = oracle.sees(role, asker, purpose, link)
        assert engine.visible(asker, purpose, link).allowed is expected, (agency, purpose, link)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("role", oracle.ROLES)
def test_redaction(engine: Engine, role: str, kind: Kind) -> None:
    for agency, purpose, link in product(agencies(role), STATED, LINKS):
        asker = Asker((role,), agency)
        release = engine.release(asker, kind, purpose, link)
        expected = oracle.released(role, asker, kind, purpose, link)
        assert release.released == expected, (agency, purpose, link)
        assert [section for section, _ in release.withheld] == [
            section for section in oracle.ALL_IN_ORDER[kind] if section not in expected
        ]
        assert bool(release.rules) is bool(expected)


@pytest.mark.parametrize("role", oracle.ROLES)
def test_vetting_decides_nothing_but_the_export(engine: Engine, role: str) -> None:
    link, agency = Link(assigned=True, area=True, holding=True), agencies(role)[0]
    plain, vetted = Asker((role,), agency), Asker((role,), agency, "MV")
    for purpose, kind in product(Purpose, Kind):
        expected = engine.release(plain, kind, purpose, link)
        assert engine.release(vetted, kind, purpose, link) == expected


@pytest.mark.parametrize("role", oracle.ROLES)
def test_category_and_level_decide_nothing_yet(engine: Engine, role: str) -> None:
    asker = Asker((role,), agencies(role)[0])
    for purpose, category, level in product(Purpose, (None, 1, 4), (None, 1, 3)):
        link = Link(assigned=True, area=True, holding=True, category=category, level=level)
        for kind in (Kind.PERSON, Kind.MINUTES):
            expected = oracle.released(role, asker, kind, purpose, link)
            assert engine.release(asker, kind, purpose, link).released == expected


@pytest.mark.parametrize("agency", Agency)
def test_a_role_counts_in_its_own_agency_only(engine: Engine, agency: Agency) -> None:
    for role, rules in oracle.ROLES.items():
        for purpose in rules.purposes:
            kind = Kind.MINUTES if Kind.MINUTES in rules.kinds else Kind.PERSON
            verdict = engine.permission(Asker((role,), agency), "read", kind, purpose)
            assert verdict.allowed is (rules.agencies is not None and agency in rules.agencies)
