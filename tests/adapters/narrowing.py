"""What the formats of the house cannot hold of a field's values (`Narrowed`), by system.

The round trip of every adapter in the registry is tested without a line here
(`test_roundtrip.py`). An adapter needs one where its format holds fewer values than the canonical
field does; the `Line` of that field says so in its note.
"""

from adapters.testing.roundtrip import Narrowed
from adapters.testing.values import identifiers
from schemas.identifiers import Scheme

NARROWED: dict[str, Narrowed] = {
    "visor": Narrowed({"person.identifiers": identifiers(*Scheme, bad=True)}),
}
