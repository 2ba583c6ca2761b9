"""Every adapter of the house by the name of its system. A new one is a line here."""

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

ADAPTERS: dict[str, Adapter] = {
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
