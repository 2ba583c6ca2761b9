"""Every adapter by the name of its system: those of the house, and those that are installed.

An adapter of the house is a line here. Anybody else's is a package with an entry point in the group
`mappa_gateway.adapters`, named as its system is, that leads to its adapter.
"""

from importlib.metadata import entry_points
from typing import cast

from adapters import (
    approved_premises,
    arms,
    cpr,
    cvl,
    delius,
    mappa,
    nomis,
    oasys,
    ppud,
    rm2000,
    vcms,
    visor,
)
from adapters.base import Adapter
from adapters.installed import GROUP, with_installed

HOUSE: dict[str, Adapter] = {
    one.system: cast(Adapter, one)
    for one in (
        delius.ADAPTER,
        oasys.ADAPTER,
        arms.ADAPTER,
        rm2000.ADAPTER,
        cpr.ADAPTER,
        nomis.ADAPTER,
        ppud.ADAPTER,
        cvl.ADAPTER,
        visor.ADAPTER,
        vcms.ADAPTER,
        approved_premises.ADAPTER,
        mappa.ADAPTER,
    )
}
ADAPTERS = with_installed(HOUSE, entry_points(group=GROUP))


def package_of(system: str) -> str:
    """The package in which an adapter, its samples and its schema are."""
    found = entry_points(group=GROUP, name=system)
    return next((entry.module for entry in found), f"adapters.{system}")
