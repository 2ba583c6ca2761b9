"""Tables pushed whole: rows named as in the file, each kept alone, and nobody ended by silence."""

from tests.gateway.ingest.cases import encoded, known, push, read
from tests.gateway.world import Gateway

HEADER = "CRN,Premises,Arrived,Departed,Key worker,List date"


def test_a_list_answers_row_by_row_and_one_bad_row_costs_itself(gateway: Gateway) -> None:
    one, two = known(gateway), known(gateway)
    rows = [
        "Residents of the week",
        HEADER,
        f"{one.crn},Wren House,46023,,Odalys Finch,02/03/2026",
        "",
        f"{two.crn},Wren, House,2/2/2026,,,",
        f"{two.crn},Wren House,2/2/2026,,,02/03/26",
    ]
    body = "\r\n".join(rows)
    first, second = push(gateway, "approved_premises", body)
    assert first["warnings"] == [
        {"code": "unmapped-body", "pointer": "/row/1"},
        {"code": "serial-date", "pointer": "/row/3/column/Arrived"},
    ]
    assert second["outcome"] == "quarantined"
    assert second["reason"]["code"] == "ragged-row"
    assert second["reason"]["pointer"] == "/row/5/column/Arrived"
    again = gateway.push("approved_premises", encoded(body)).json()["items"]
    assert [one["outcome"] for one in again] == ["unchanged", "quarantined"]


def test_a_resident_missing_from_the_next_list_has_not_left(gateway: Gateway) -> None:
    one, two = known(gateway), known(gateway)

    def listed(day: str, *rows: str) -> str:
        return "\n".join([HEADER, *(f"{row},{day}" for row in rows)])

    stay = "Wren House,12/01/2026"
    push(
        gateway,
        "approved_premises",
        listed("02/03/2026", f"{one.crn},{stay},,Ode", f"{two.crn},{stay},,Ode"),
    )
    push(gateway, "approved_premises", listed("09/03/2026", f"{one.crn},{stay},08/03/2026,Ode"))
    gone, still = (read(gateway, f"crn:{who.crn}", "residence")["data"] for who in (one, two))
    assert [one["end"] for one in gone["stays"]] == ["2026-03-08"]
    assert [one["end"] for one in still["stays"]] == [None]


def test_a_late_older_list_does_not_put_somebody_back(gateway: Gateway) -> None:
    who = known(gateway)
    for listed, departed in (("09/03/2026", "08/03/2026"), ("02/03/2026", "")):
        row = f"{who.crn},Wren House,12/01/2026,{departed},Ode,{listed}"
        (item,) = push(gateway, "approved_premises", f"{HEADER}\n{row}\n")
    outcomes = {record["kind"]: record["outcome"] for record in item["records"]}
    assert outcomes["residence"] == "historical"
    stays = read(gateway, f"crn:{who.crn}", "residence")["data"]["stays"]
    assert [one["end"] for one in stays] == ["2026-03-08"]
