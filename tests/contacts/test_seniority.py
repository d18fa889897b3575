"""What a title tells of somebody's level."""

import pytest

from graph_crm.contacts.seniority import seniority_of
from graph_crm.contacts.types import Seniority
from graph_crm.language import Language

BY_LEVEL = {
    Seniority.C_LEVEL: [
        "PDG",
        "DG",
        "CEO",
        "CFO",
        "CIO",
        "CTO",
        "COO",
        "DAF",
        "DSI",
        "DRH",
        "Chief Executive Officer",
        "Chief Human Resources Officer",
        "Président",
        "PRÉSIDENTE",
        "President",
        "Managing Director",
        "Directeur général",
        "Président-directeur général",
        "Directrice des systèmes d’information",
        "CEO & Founder",
    ],
    Seniority.VP: ["VP", "VP Operations", "Vice President, Sales", "Senior Vice President", "Vice-présidente"],
    Seniority.DIRECTOR: [
        "Directeur",
        "Directrice commerciale",
        "Directeur adjoint",
        "directeur des opérations",
        "Director of Finance",
        "Head of Logistics",
        "Directrice de la communication",
        "Marketing Director",
        "Director, Office of the CIO",
    ],
    Seniority.MANAGER: [
        "Responsable achats",
        "Responsable de la DSI",
        "chef de service",
        "Chef d’exploitation",
        "IT Manager",
        "RSSI",
        "Directeur de projet",
        "Directrice de projets",
    ],
    Seniority.INDIVIDUAL_CONTRIBUTOR: [
        "chef de projet",
        "Chef de projet DSI",
        "Ingénieur réseau (DSI)",
        "Assistant",
        "Assistante du PDG",
        "assistante de la PDG",
        "Assistante de direction",
        "Executive Assistant to the CEO",
        "Adjointe au directeur",
        "Consultant",
        "technicien",
        "architecte",
        "juriste",
        "Conseiller du président",
    ],
    Seniority.UNKNOWN: [
        "",
        "   ",
        "Ambassadeur",
        "Bras droit du DG",
        "Office of the CIO",
        "Headhunting",
        "Vpnaute",
        "Ceos",
    ],
}


@pytest.mark.parametrize(
    ("level", "title"), [(level, title) for level, titles in BY_LEVEL.items() for title in titles]
)
def test_a_title_tells_its_level(level: Seniority, title: str) -> None:
    assert seniority_of(title) is level


def test_no_title_tells_no_level() -> None:
    assert seniority_of(None) is Seniority.UNKNOWN


def test_ranks_and_weights_go_down_together() -> None:
    assert [level.rank for level in Seniority] == [5, 4, 3, 2, 1, 0]
    assert [level.weight for level in Seniority] == [1.0, 0.8, 0.6, 0.4, 0.2, None]


def test_every_level_has_a_french_name() -> None:
    assert Seniority.C_LEVEL.label.read(Language.FR) == "Comité de direction"
    assert Seniority.UNKNOWN.label.read(Language.FR) == "Niveau inconnu"
