"""The people of the demo clinic and how they sign in. Pure data."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "quiet harbour at dawn"  # noqa: S105 - the demo prints it; a real clinic never has it


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One sign-in of the demo."""

    email: str
    name: str
    role: str
    secret: str
    title: str = ""


STAFF = (
    DemoPerson("kit@harbour.example", "Kit Moran", "coordinator", "KITAAAAAMZXW6YTB", "Care coordinator"),
    DemoPerson("okafor@harbour.example", "Dr Ife Okafor", "prescriber", "OKAFORAAMZXW6YTB", "Psychiatrist"),
    DemoPerson("bello@harbour.example", "Dr Ana Bello", "prescriber", "BELLOAAAMZXW6YTB", "Anaesthetist"),
    DemoPerson("sam@harbour.example", "Sam Rivera", "nurse", "SAMAAAAAMZXW6YTB", "Registered nurse"),
    DemoPerson("june@harbour.example", "June Park", "nurse", "JUNEAAAAMZXW6YTB", "Registered nurse"),
    DemoPerson("noor@harbour.example", "Noor Haddad", "therapist", "NOORAAAAMZXW6YTB", "Psychotherapist"),
    DemoPerson("ada@harbour.example", "Ada Lind", "administrator", "ADAAAAAAMZXW6YTB", "Practice manager"),
    DemoPerson("robin@harbour.example", "Robin Vale", "researcher", "ROBINAAAMZXW6YTB", "Outcomes analyst"),
)
AMARA = DemoPerson("amara@harbour.example", "Amara Osei", "patient", "AMARAAAAMZXW6YTB")
EVERYONE = (*STAFF, AMARA)
# One sign-in a role, in the order they are printed.
PRINTED = tuple(person for person in EVERYONE if person.name not in ("Dr Ana Bello", "June Park"))
