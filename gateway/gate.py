"""How much may be in the house at once: what is beyond that is turned away at the door."""


class Gate:
    """Counts requests in flight and the bytes of bodies they hold. For one event loop.

    A limit on both bounds the memory of the process and how long anybody waits; a queue without
    one answers everybody too late.
    """

    def __init__(self, requests: int, size: int) -> None:
        self._requests, self._size = requests, size
        self.inside = self.held = 0

    def enter(self) -> bool:
        """Let a request in, if there is room."""
        if self.inside >= self._requests:
            return False
        self.inside += 1
        return True

    def leave(self) -> None:
        """A request that was let in has its answer."""
        self.inside -= 1

    def pick_up(self, size: int) -> bool:
        """Hold more bytes of a body; whether that is within the limit. `put_down` all the same."""
        self.held += size
        return self.held <= self._size

    def put_down(self, size: int) -> None:
        """Let go of bytes that were picked up."""
        self.held -= size
