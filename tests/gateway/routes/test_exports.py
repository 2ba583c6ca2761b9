"""A case in an agency's own form: who gets which form, and that nothing withheld is in any."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from adapters.registry import ADAPTERS
from gateway.routes.persons import VISOR_XML
from gateway.store.records import current
from policies.redaction import Redactor
from schemas import RECORDS, Kind
from tests.gateway.world import Gateway, fetched

SAMPLES = Path(__file__).parents[3] / "adapters"
MOST = {"PP": 8, "OM": 6, "POM": 6, "VLO": 4, "MA": 3}
"""How many forms of the hero's case each post gets, at least."""
FORMS = [(s, form) for s, adapter in ADAPTERS.items() for form in adapter.exports]


def export(gateway: Gateway, prefix: str, system: str, name: str) -> httpx.Response:
    path = f"/v1/persons/crn:{gateway.hero.crn}/exports/{system}/{name}"
    return gateway.responsible(prefix).get(path)


def held(gateway: Gateway, kind: Kind) -> dict[str, Any] | None:
    with gateway.reading() as connection:
        [[person]] = connection.exec_driver_sql(
            f"SELECT DISTINCT person_id FROM person_identifier WHERE value = '{gateway.hero.crn}'"  # noqa: S608
        ).fetchall()
        view = fetched(connection, current, person, kind)
    document: dict[str, Any] | None = json.loads(view.body) if view else None
    return document


def said(value: Any) -> Iterator[str]:
    """Every text in a document, line by line as a form may set it."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from said(part)
    elif isinstance(value, str):
        yield from (line.strip() for line in value.splitlines())


def told(raw: bytes, media_type: str) -> str:
    """All text of a form, whatever its wrapping."""
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            return "\n".join(told(parts.read(n), "xml") for n in parts.namelist() if "xml" in n)
    if media_type.endswith("xml"):
        root = etree.fromstring(raw)
        marks = [v for one in root.iter("*") for v in one.attrib.values()]
        return "\n".join([*map(str, marks), *map(str, root.itertext())])
    if media_type.endswith("json"):
        return "\n".join(said(json.loads(raw)))
    if media_type == "text/csv":
        return "\n".join(cell for row in csv.reader(io.StringIO(raw.decode())) for cell in row)
    return raw.decode()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway whose hero has what each post may not see: self-harm, a zone's map, daily notes."""
    with Gateway.running(tmp_path_factory.mktemp("full"), people=1) as running:
        hero = running.hero
        licence = json.loads((SAMPLES / "cvl/samples/internal-licence.json").read_bytes())
        licence |= {"crn": hero.crn, "nomsId": hero.noms, "pnc": None, "cro": None}
        licence |= {"forename": hero.forename, "surname": hero.surname}
        licence |= {"dateOfBirth": f"{hero.born:%d/%m/%Y}"}
        licence |= {"statusCode": "ACTIVE", "licenceExpiryDate": "03/04/2036"}
        licence |= {"dateLastUpdated": "01/06/2026 09:00:00"}
        running.push("cvl", json.dumps(licence).encode())
        for system, name in (("oasys", "rosh-full"), ("delius", "contact-history")):
            raw = (SAMPLES / system / "samples" / f"{name}.json").read_bytes()
            running.push(system, raw.replace(b"X710001", hero.crn.encode()))
        yield running


SECRETS = {
    "PP": set[str](),
    "OM": {"Invented concern.", "Letter sent"},
    "POM": {"the boathouse", "boathouse-map.png", "Ring drawn round the boathouse"},
    "VLO": set[str](),
    "MA": set[str](),
}
"""What forms that the post gets would say, were nothing withheld."""


@pytest.mark.parametrize("prefix", MOST)
def test_what_was_withheld_is_in_no_form(full: Gateway, prefix: str) -> None:
    """Whatever a text of a withheld section says that no released section says as well."""
    gateway, given, kept_back = full, 0, set[str]()
    for system, form in FORMS:
        answer = export(gateway, prefix, system, form.name)
        assert answer.status_code in (200, 403, 404), (system, form.name)
        if answer.status_code != 200:
            continue
        given += 1
        assert answer.headers["content-type"].startswith(form.media_type)
        withheld = [mark.split("=")[0] for mark in answer.headers.get("withheld", "").split(", ")]
        released, secret = set[str](), set[str]()
        for kind in form.kinds:
            if document := held(gateway, kind):
                redactor = Redactor(RECORDS[kind])
                names = {mark.split("/")[1] for mark in withheld if mark.startswith(f"{kind}/")}
                kept = redactor.redact(document, redactor.sections - names)
                released |= set(said(kept))
                secret |= set(said(document))
        kept_back |= secret - released
        told_text = told(answer.content, form.media_type)
        leaked = [s for s in secret - released if len(s) > 7 and s in told_text]
        assert not leaked, (system, form.name)
    assert given >= MOST[prefix]
    assert kept_back >= SECRETS[prefix]


def test_an_export_is_a_disclosure_and_its_entry_names_the_form(gateway: Gateway) -> None:
    answer = export(gateway, "OM", "visor", "nominal.xml")
    entry = gateway.entry(answer)
    assert (entry["action"], entry["operation"]) == ("export", "disclosure")
    assert (entry["kind"], entry["form"]) == ("exports", "visor/nominal.xml")
    assert "mosovo-exports-the-police-form" in entry["rules"]
    assert {record["kind"] for record in entry["records"]} >= {"person", "mappa", "rosh"}
    assert "rosh/self-harm=default-deny" in entry["withheld"]
    assert answer.headers["withheld"] == ", ".join(entry["withheld"])
    assert answer.headers["content-disposition"] == 'attachment; filename="nominal.xml"'
    assert b'section="self-harm"' in answer.content


def test_the_police_form_is_the_same_whether_asked_for_by_path_or_by_type(gateway: Gateway) -> None:
    by_path = export(gateway, "OM", "visor", "nominal.xml")
    by_type = gateway.responsible("OM").get(
        f"/v1/persons/crn:{gateway.hero.crn}", headers={"Accept": VISOR_XML}
    )
    one, other = etree.fromstring(by_path.content), etree.fromstring(by_type.content)
    assert one.attrib.pop("generated") != ""
    assert other.attrib.pop("generated") != ""
    assert etree.tostring(one) == etree.tostring(other)
    assert gateway.entry(by_type)["form"] == "visor/nominal.xml"


@pytest.mark.parametrize("prefix", ["PP", "POM", "VLO", "MA"])
def test_another_agencys_form_is_refused(gateway: Gateway, prefix: str) -> None:
    answer = export(gateway, prefix, "visor", "nominal.xml")
    assert answer.status_code == 403
    assert gateway.entry(answer)["outcome"] == "denied"
    assert gateway.entry(answer)["released"] == []


@pytest.mark.parametrize(
    ("system", "name", "detail"),
    [
        ("visor", "nominal.pdf", "This system has: nominal.xml."),
        ("ppud", "case.json", "Systems with forms: "),
        ("nobody", "nominal.xml", "Systems with forms: "),
    ],
)
def test_a_form_there_is_not_is_a_404_that_says_which_there_are(
    gateway: Gateway, system: str, name: str, detail: str
) -> None:
    answer = export(gateway, "OM", system, name)
    assert answer.status_code == 404
    assert answer.json()["type"].endswith(":no-such-form")
    assert answer.json()["detail"].startswith(detail)
    assert gateway.entry(answer)["outcome"] == "not-found"


def test_a_stranger_learns_nothing_from_asking_for_a_form(gateway: Gateway) -> None:
    stranger = gateway.staff("OM-46-2")
    path = "/v1/persons/crn:{}/exports/visor/nominal.xml"
    hidden = stranger.get(path.format(gateway.hero.crn))
    nobody = stranger.get(path.format("X999999"))
    assert hidden.status_code == nobody.status_code == 404
    assert {**hidden.json(), "auditEntry": ""} == {**nobody.json(), "auditEntry": ""}


def test_a_form_about_what_is_not_held_is_not_written(full: Gateway) -> None:
    """Not even its head, which would read as if there were nothing to tell."""
    answer = export(full, "PP", "approved_premises", "residents.csv")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith(":nothing-held")
    assert full.entry(answer)["outcome"] == "nothing-held"
