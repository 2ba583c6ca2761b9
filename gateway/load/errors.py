"""What stops a load."""


class LoadError(ValueError):
    """A file cannot be loaded, or not from here on. The message says what to do and repeats nothing
    of the file's content."""
