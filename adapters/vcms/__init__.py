"""The Victim Contact Scheme as a table and in JSON, both ways.

VCMS's own formats are not public. `schema.json` and the columns of `rows.TABLE` are the gateway's
own published ones.
"""

from adapters.json_adapter import JsonAdapter, Shape
from adapters.table_adapter import TableAdapter
from adapters.tables import MEDIA_TYPE
from adapters.vcms.mapping import LINES
from adapters.vcms.rows import TABLE, take
from adapters.vcms.victims import SYSTEM, read, recognises
from adapters.vcms.write import write_csv, write_json
from adapters.writing import Export
from schemas.kinds import Kind

_KINDS = (Kind.PERSON, Kind.VICTIM_CONTACT)

ADAPTER = TableAdapter(
    SYSTEM,
    TABLE,
    take,
    json=JsonAdapter(SYSTEM, [Shape("victim contact", recognises, read)]),
    version="2",
    lines=LINES,
    exports=(
        Export("scheme.csv", MEDIA_TYPE, _KINDS, write_csv),
        Export("scheme.json", "application/json", _KINDS, write_json),
    ),
)

__all__ = ["ADAPTER"]
