"""What a check of a log found, in sentences for people."""

from dataclasses import dataclass, field

MOST_PROBLEMS = 20


@dataclass(slots=True)
class Report:
    """`problems` empty means that the log is what its checkpoint says."""

    size: int = 0
    root: bytes = b""
    first: str = ""
    last: str = ""
    erased: int = 0
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def problem(self, where: str, what: str) -> None:
        """Add a finding: the file, and what is wrong with it."""
        self.problems.append(f"{where}: {what}")

    def lines(self) -> list[str]:
        """The report as it is printed."""
        if not self.sound:
            more = len(self.problems) - MOST_PROBLEMS
            rest = [f"… and {more} more"] if more > 0 else []
            headline = "THE LOG DOES NOT VERIFY: its files are not what was signed."
            return [*self.notes, headline, *rest, *self.problems[:MOST_PROBLEMS]]
        times = f", the first of {self.first}, the last of {self.last}" if self.size else ""
        summary = f"The log verifies: {self.size} entries{times}; root {self.root.hex()}."
        erased = f"{self.erased} entries were erased on record; their leaves are in place."
        return [*self.notes, *([erased] if self.erased else []), summary]
