"""The rules for the way out: canonical, to the agency's form, and back."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.base import AdapterError
from adapters.fields import leaves, told
from adapters.testing.roundtrip import Narrowed, cases_of, read_all, wild_cases, written_and_read
from adapters.testing.tested import Candidate
from adapters.writing import Export, Way
from schemas import RECORDS
from schemas.kinds import Kind

__all__ = [
    "test_a_line_names_a_field_there_is_and_says_it_once",
    "test_every_field_that_a_sample_fills_has_a_line",
    "test_what_goes_out_is_drawn_on_by_a_form",
    "test_what_is_written_is_read_again",
    "test_whatever_is_withheld_and_whatever_the_text_the_form_is_sound",
]

EVERY = settings(
    deadline=None, max_examples=60, database=None, suppress_health_check=list(HealthCheck)
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell starts that a spreadsheet would run."""


@dataclass(frozen=True, slots=True)
class Written:
    """A form and the adapter that writes it."""

    tested: Candidate
    export: Export


def forms(tested: Candidate) -> list[Written]:
    """Every form an adapter writes."""
    return [Written(tested, export) for export in tested.adapter.exports]


@EVERY
@given(data=st.data())
def test_what_is_written_is_read_again(
    readable_form: Written, narrowed: Mapping[str, Narrowed], data: st.DataObject
) -> None:
    adapter, export = readable_form.tested.adapter, readable_form.export
    case = data.draw(cases_of(adapter, export, narrowed.get(adapter.system)))
    before, after = written_and_read(adapter, export, case)
    assert after == before


@EVERY
@given(data=st.data())
def test_whatever_is_withheld_and_whatever_the_text_the_form_is_sound(
    form: Written, data: st.DataObject
) -> None:
    raw = form.export.write(data.draw(wild_cases(form.export)))
    media_type = form.export.media_type
    if media_type.endswith("xml"):
        [declared] = form.tested.home.glob("*.xsd")
        etree.XMLSchema(etree.parse(str(declared))).assertValid(etree.fromstring(raw))
    elif media_type.endswith("json"):
        json.loads(raw)
    elif media_type == "text/csv":
        cells = [cell for row in csv.reader(io.StringIO(raw.decode())) for cell in row]
        assert not [cell for cell in cells if cell.startswith(FORMULA)]
    if form.export.readable:
        try:
            read_all(form.tested.adapter, raw)
        except AdapterError:
            return  # what must be there to be read was withheld


def test_a_line_names_a_field_there_is_and_says_it_once(tested_lines: Candidate) -> None:
    lines = tested_lines.adapter.lines
    known = {(kind, leaf) for kind, model in RECORDS.items() for leaf in leaves(model)}
    assert [(one.kind, one.field) for one in lines if (one.kind, one.field) not in known] == []
    places = [(one.kind, one.field, one.place) for one in lines]
    assert sorted(set(places)) == sorted(places)


def test_what_goes_out_is_drawn_on_by_a_form(tested_lines: Candidate) -> None:
    adapter = tested_lines.adapter
    out = {line.kind for line in adapter.lines if line.way is not Way.IN}
    assert out <= {kind for export in adapter.exports for kind in export.kinds}


def test_every_field_that_a_sample_fills_has_a_line(tested_lines: Candidate) -> None:
    into = {(one.kind, one.field) for one in tested_lines.adapter.lines if one.way is not Way.OUT}
    missing = {
        (mapped.record.kind, leaf)
        for sample in tested_lines.samples()
        for person in read_all(sample.adapter, sample.raw)
        for mapped in person.records
        for leaf in leaves(type(mapped.record))
        if (mapped.record.kind, leaf) not in into
        and told(mapped.record.model_dump(mode="json", by_alias=True), [leaf])
    }
    assert missing - {(Kind.PERSON, "identifiers[].system")} == set()
