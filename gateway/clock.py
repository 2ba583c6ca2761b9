"""One way to write a time down: UTC, ISO 8601, milliseconds, `Z`; text order is time order."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def today() -> str:
    """Today's day in London, where licences and assignments begin and end."""
    return now().astimezone(ZoneInfo("Europe/London")).date().isoformat()


def stamp(moment: datetime) -> str:
    """`2026-11-21T09:30:00.123Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
