"""What an adapter is held to, for those of the house and for anybody's (docs/write-an-adapter.md).

Needs pytest and hypothesis, which the gateway itself does not.
"""
