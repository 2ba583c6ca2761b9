"""Canonical, to the agency's form, and back: the same fields, for every adapter that writes."""

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.base import AdapterError
from adapters.fields import leaves, told
from adapters.registry import ADAPTERS
from adapters.testing.roundtrip import cases_of, read_all, wild_cases, written_and_read
from adapters.writing import Export, Way
from schemas import RECORDS
from schemas.person import Person
from tests.adapters.conformance import HOME, SAMPLES, adapter_of
from tests.adapters.narrowing import NARROWED

EVERY = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
FORMS = [(system, form) for system, one in ADAPTERS.items() for form in one.exports]
"""Every form in which the house writes a case."""
WRITERS = sorted(system for system, adapter in ADAPTERS.items() if adapter.lines)


def each(forms: list[tuple[str, Export]]) -> pytest.MarkDecorator:
    names = [f"{system}/{form.name}" for system, form in forms]
    return pytest.mark.parametrize(("system", "form"), forms, ids=names)


@each([(system, form) for system, form in FORMS if form.readable])
@EVERY
@given(data=st.data())
def test_what_is_written_is_read_again(system: str, form: Export, data: st.DataObject) -> None:
    adapter = ADAPTERS[system]
    case = data.draw(cases_of(adapter, form, NARROWED.get(system)))
    before, after = written_and_read(adapter, form, case)
    assert after == before


@each(FORMS)
@EVERY
@given(data=st.data())
def test_whatever_is_withheld_and_whatever_the_text_the_form_is_sound(
    system: str, form: Export, data: st.DataObject
) -> None:
    raw = form.write(data.draw(wild_cases(form)))
    if form.media_type.endswith("xml"):
        [declared] = (HOME / system).glob("*.xsd")
        etree.XMLSchema(etree.parse(str(declared))).assertValid(etree.fromstring(raw))
    elif form.media_type.endswith("json"):
        json.loads(raw)
    elif form.media_type == "text/csv":
        cells = [cell for row in csv.reader(io.StringIO(raw.decode())) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    if form.readable:
        try:
            read_all(ADAPTERS[system], raw)
        except AdapterError:
            return  # what must be there to be read was withheld


@pytest.mark.parametrize("system", WRITERS)
def test_a_line_names_a_field_there_is_and_says_it_once(system: str) -> None:
    lines = ADAPTERS[system].lines
    known = {(kind, leaf) for kind, model in RECORDS.items() for leaf in leaves(model)}
    assert [(one.kind, one.field) for one in lines if (one.kind, one.field) not in known] == []
    places = [(one.kind, one.field, one.place) for one in lines]
    assert sorted(set(places)) == sorted(places)


@pytest.mark.parametrize("system", WRITERS)
def test_what_goes_out_is_drawn_on_by_a_form(system: str) -> None:
    out = {line.kind for line in ADAPTERS[system].lines if line.way is not Way.IN}
    assert out <= {kind for form in ADAPTERS[system].exports for kind in form.kinds}


@pytest.mark.parametrize("system", WRITERS)
def test_every_field_that_a_sample_fills_has_a_line(system: str) -> None:
    adapter = ADAPTERS[system]
    into = {(line.kind, line.field) for line in adapter.lines if line.way is not Way.OUT}
    missing = {
        (mapped.record.kind, leaf)
        for file in SAMPLES
        if adapter_of(file) is adapter
        for person in read_all(adapter, file.read_bytes())
        for mapped in person.records
        for leaf in leaves(type(mapped.record))
        if (mapped.record.kind, leaf) not in into
        and told(mapped.record.model_dump(mode="json", by_alias=True), [leaf])
    }
    assert missing - {(Person.kind, "identifiers[].system")} == set()


def test_paths_and_what_a_document_tells_in_them() -> None:
    assert leaves(Person)[:3] == ["name.forenames", "name.surname", "name.dateOfBirth"]
    document = {
        "name": {"surname": "Alder", "forenames": []},
        "addresses": [{"lines": ["1 High Street"], "type": "Main"}, {"lines": []}, {"type": ""}],
        "gender": None,
    }
    assert told(document, ["name", "addresses[].lines", "gender"]) == {
        "name": {"surname": "Alder"},
        "addresses": [{"lines": ["1 High Street"]}],
    }
