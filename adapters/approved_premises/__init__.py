"""Approved premises: the weekly residents' list as a table, both ways.

There is no one published form of the list; the columns are the gateway's own, and read under the
names that lists and reports use for them (`residents.TABLE`).
"""

from adapters.approved_premises import recall_pack
from adapters.approved_premises.mapping import LINES
from adapters.approved_premises.residents import SYSTEM, TABLE, take
from adapters.approved_premises.write import write
from adapters.mappa.exports import DOCX, HTML
from adapters.table_adapter import TableAdapter
from adapters.tables import MEDIA_TYPE
from adapters.writing import Export
from schemas.kinds import Kind

ADAPTER = TableAdapter(
    SYSTEM,
    TABLE,
    take,
    lines=LINES,
    exports=(
        Export("residents.csv", MEDIA_TYPE, (Kind.PERSON, Kind.RESIDENCE), write),
        Export("recall-pack.html", HTML, recall_pack.KINDS, recall_pack.html, readable=False),
        Export("recall-pack.docx", DOCX, recall_pack.KINDS, recall_pack.docx, readable=False),
    ),
)

__all__ = ["ADAPTER"]
