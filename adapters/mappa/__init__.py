"""Minutes of MAPPA meetings and referrals to MAPPA, both ways.

In Word under our own template of the headings (`forms`), read whatever its headings are called;
in JSON under the gateway's own published schema.
"""

from adapters.mappa.adapter import MappaAdapter
from adapters.mappa.exports import EXPORTS, template
from adapters.mappa.mapping import LINES

ADAPTER = MappaAdapter(LINES, EXPORTS)

__all__ = ["ADAPTER", "template"]
