"""The Victim Contact Scheme in JSON, inbound.

VCMS's own schema is not public. `schema.json` is the gateway's own published one.
"""

from adapters.json_adapter import JsonAdapter, Shape
from adapters.vcms.victims import read, recognises

ADAPTER = JsonAdapter("vcms", [Shape("victim contact", recognises, read)])

__all__ = ["ADAPTER"]
