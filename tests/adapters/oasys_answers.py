"""Answers of OASys read in a test, and the one record that is wanted of them."""

import json
from typing import Any

from adapters.base import MappedPerson, Subject
from adapters.oasys import ADAPTER
from tests.adapters.mutation import SUBJECT, read_all


def read(payload: Any, subject: Subject | None = SUBJECT) -> list[MappedPerson]:
    return read_all(ADAPTER, json.dumps(payload).encode(), subject)


def only(people: list[MappedPerson], model: type[Any]) -> Any:
    (found,) = [one.record for one in people[0].records if isinstance(one.record, model)]
    return found
