"""The level of a job from its title, when nobody stated it.

The first known word of a title decides: "Assistante du PDG" is an assistant, "Chef de projet DSI" leads a
project. What follows a comma, a slash or a bracket is looked at only when nothing before it is known.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from graph_crm.contacts.types import Seniority

PHRASES: Final[dict[Seniority, tuple[str, ...]]] = {
    Seniority.C_LEVEL: (
        "pdg",
        "dg",
        "dga",
        "ceo",
        "cfo",
        "cio",
        "cto",
        "coo",
        "cmo",
        "cro",
        "cpo",
        "cdo",
        "chro",
        "ciso",
        "daf",
        "dsi",
        "drh",
        "president",
        "presidente",
        "managing director",
        "directeur general",
        "directrice generale",
        "directeur administratif et financier",
        "directrice administrative et financiere",
        "directeur des systemes d information",
        "directrice des systemes d information",
        "directeur des ressources humaines",
        "directrice des ressources humaines",
        "gerant",
        "gerante",
        "fondateur",
        "fondatrice",
        "cofondateur",
        "cofondatrice",
        "founder",
        "cofounder",
        "co founder",
        "membre du directoire",
    ),
    Seniority.VP: ("vp", "svp", "evp", "avp", "vice president", "vice presidente"),
    Seniority.DIRECTOR: ("directeur", "directrice", "director", "head of"),
    Seniority.MANAGER: (
        "directeur de projet",
        "directeur de projets",
        "directrice de projet",
        "directrice de projets",
        "project director",
        "responsable",
        "chef",
        "cheffe",
        "manager",
        "rssi",
        "superviseur",
        "superviseuse",
        "supervisor",
        "team lead",
        "team leader",
    ),
    Seniority.INDIVIDUAL_CONTRIBUTOR: (
        "chef de projet",
        "chef de projets",
        "chef de produit",
        "cheffe de projet",
        "cheffe de projets",
        "cheffe de produit",
        "ingenieur",
        "ingenieure",
        "engineer",
        "assistant",
        "assistante",
        "adjoint",
        "adjointe",
        "consultant",
        "consultante",
        "conseiller",
        "conseillere",
        "technicien",
        "technicienne",
        "technician",
        "architecte",
        "architect",
        "juriste",
        "lawyer",
        "avocat",
        "avocate",
        "acheteur",
        "acheteuse",
        "buyer",
        "comptable",
        "accountant",
        "controleur",
        "controleuse",
        "auditeur",
        "auditrice",
        "auditor",
        "analyste",
        "analyst",
        "developpeur",
        "developpeuse",
        "developer",
        "administrateur",
        "administratrice",
        "administrator",
        "operateur",
        "operatrice",
        "operator",
        "commercial",
        "commerciale",
        "representant",
        "representante",
        "representative",
        "vendeur",
        "vendeuse",
        "account executive",
        "charge de",
        "chargee de",
        "charge d",
        "chargee d",
        "coordinateur",
        "coordinatrice",
        "coordinator",
        "gestionnaire",
        "attache",
        "attachee",
        "secretaire",
        "secretary",
        "specialiste",
        "specialist",
        "designer",
        "redacteur",
        "redactrice",
        "formateur",
        "formatrice",
        "stagiaire",
        "intern",
        "alternant",
        "alternante",
        "apprenti",
        "apprentie",
    ),
}

LEVELS: Final[dict[str, Seniority]] = {phrase: level for level, phrases in PHRASES.items() for phrase in phrases}

# Longer phrases first: "directeur de projet" is met before "directeur". A chief officer of anything is on the board.
KNOWN: Final[re.Pattern[str]] = re.compile(
    r"\b(?:(?P<chief>chief (?:\w+ ){1,4}?officer)|(?P<phrase>"
    + "|".join(sorted((re.escape(phrase) for phrase in LEVELS), key=len, reverse=True))
    + r"))\b"
)
WHOSE: Final[re.Pattern[str]] = re.compile(r"\b(?:to|for|of the|au|aux|aupres|du)\b")
PARTS: Final[re.Pattern[str]] = re.compile(r"[,;/|()\[\]&+]|\s[-–—]\s")


def seniority_of(title: str | None) -> Seniority:
    """The level that a title tells, UNKNOWN when it tells none."""
    for part in PARTS.split(title or ""):
        level = level_of(folded(part))
        if level is not Seniority.UNKNOWN:
            return level
    return Seniority.UNKNOWN


def level_of(part: str) -> Seniority:
    found = KNOWN.search(part)
    if found is None:
        return Seniority.UNKNOWN
    # "Office of the CIO", "bras droit du DG": a rank named after such a word is somebody else's.
    whose = WHOSE.search(part)
    if whose is not None and whose.start() < found.start():
        return Seniority.UNKNOWN
    return Seniority.C_LEVEL if found["chief"] else LEVELS[found["phrase"]]


def folded(text: str) -> str:
    """Lower case, without accents; hyphens and apostrophes become spaces."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", plain.casefold()).split())
