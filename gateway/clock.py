"""One way to write a time down: UTC, ISO 8601, milliseconds, `Z`; text order is time order."""

import time
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def today() -> str:
    """Today's day in London, where licences and assignments begin and end."""
    return _day_of(int(time.time()) // 3600)


@lru_cache(1)
def _day_of(hour: int) -> str:
    """London's day in this hour since 1970: its clock differs from UTC by whole hours."""
    moment = datetime.fromtimestamp(hour * 3600, ZoneInfo("Europe/London"))
    return moment.date().isoformat()


def stamp(moment: datetime) -> str:
    """`2026-11-21T09:30:00.123Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
