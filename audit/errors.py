"""What can be wrong with a log. Messages name files and positions, never what an entry holds."""


class FormatError(ValueError):
    """Bytes that are not what their format says: a note, a checkpoint, a bundle, an entry."""


class LogError(RuntimeError):
    """A log that must not be opened or extended as it stands."""
