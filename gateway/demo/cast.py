"""The demo's staff, clients and areas. Everybody is invented."""

from dataclasses import dataclass

from gateway.auth.directory import Staff


@dataclass(frozen=True, slots=True)
class Area:
    """A MAPPA area with its probation region, police force code and local prison."""

    name: str
    region: str
    force: str
    prison: str
    prison_name: str


AREAS = (
    Area("West Yorkshire", "N55", "13", "LEI", "Leeds (HMP)"),
    Area("Northumbria", "N54", "10", "DMI", "Durham (HMP)"),
    Area("Kent", "N57", "46", "EYI", "Elmley (HMP)"),
)

SYSTEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "probation-systems": (
        "probation",
        ("delius", "oasys", "cpr", "cvl", "arms", "rm2000", "approved_premises"),
    ),
    "prison-systems": ("prison", ("nomis", "ppud")),
    "police-systems": ("police", ("visor", "arms", "rm2000")),
    "victim-systems": ("victim-liaison", ("vcms",)),
    "mappa-systems": ("mappa", ("mappa",)),
}
"""Case-system clients: agency and the systems they may push for."""

DESKS = {
    "probation-desk": "probation",
    "police-desk": "police",
    "prison-desk": "prison",
    "victim-desk": "victim-liaison",
    "mappa-desk": "mappa",
    "audit-desk": "audit",
}
"""Clients that staff work through, by agency."""

_POSTS = (
    ("PP", "probation", "probation-practitioner", ("Asha Bello", "Rhys Calder")),
    ("OM", "police", "mosovo-offender-manager", ("Dana Eastwood", "Femi Galloway")),
    ("POM", "prison", "prison-offender-manager", ("Hari Ingleby", "Jo Kershaw")),
    ("VLO", "victim-liaison", "victim-liaison-officer", ("Lena Marsh", "Noor Oakes")),
    ("MA", "mappa", "mappa-administrator", ("Pat Quill",)),
)


def staff() -> list[Staff]:
    """Everybody who works in the demo: per area two of each post and one administrator."""
    people = [
        Staff(
            id=f"{prefix}-{area.force}-{number}",
            name=name,
            roles=(role,),
            agency=agency,
            unit=area.prison if agency == "prison" else f"{area.name} {agency}",
            area=_area_of(agency, area),
            vetting="NPPV3" if agency == "police" else "BPSS",
            email=f"{prefix}-{area.force}-{number}@{agency}.example".lower(),
        )
        for area in AREAS
        for prefix, agency, role, names in _POSTS
        for number, name in enumerate(names, start=1)
    ]
    auditor = Staff(
        id="AUD-1",
        name="Robin Sayer",
        roles=("auditor",),
        agency="audit",
        unit="Strategic Management Board",
        area=None,
        vetting="SC",
        email="aud-1@audit.example",
    )
    steward = Staff(
        id="IS-1",
        name="Ines Tranter",
        roles=("identity-steward",),
        agency="mappa",
        unit="Register of people",
        area=None,
        vetting="SC",
        email="is-1@mappa.example",
    )
    return [*people, auditor, steward]


def _area_of(agency: str, area: Area) -> str:
    match agency:
        case "probation" | "victim-liaison":
            return area.region
        case "police":
            return area.force
        case _:
            return area.name
