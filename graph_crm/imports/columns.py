"""Which columns mean what, and which kind of file they make. The tables are data: adding a system adds words.

A heading is compared without case, accents, spaces and signs. Fuzzy matches are never made: a column that is not
in a table is left out and named in the report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph_crm.graph.folding import fold
from graph_crm.imports.types import FileKind, RecordKind

Aliases = Mapping[str, tuple[str, ...]]
"""Field of ours -> the headings that mean it, as `plain` writes them."""

OWNER: Final = ("owner", "owneremail", "recordowner", "proprietaire", "commercial")

USER_FIELDS: Final[Aliases] = {
    "full_name": ("fullname", "name", "nomcomplet"),
    "given_name": ("firstname", "prenom"),
    "family_name": ("lastname", "nom", "nomdefamille"),
    "email": ("identifier", "useremail", "login", "username", "userid", "utilisateur"),
}

ACCOUNT_FIELDS: Final[Aliases] = {
    "name": ("accountname", "companyname", "company", "organizationname", "organisation", "entreprise", "societe",
             "raisonsociale"),
    "industry": ("industry", "secteur", "secteurdactivite"),
    "annual_revenue": ("annualrevenue", "chiffredaffaires"),
    "employee_count": ("employees", "numberofemployees", "noofemployees", "effectif"),
    "website": ("website", "websiteurl", "siteweb", "companydomainname"),
    "street": ("billingstreet", "address1street1"),
    "city": ("billingcity", "address1city"),
    "region": ("billingstate", "billingstateprovince", "address1stateprovince"),
    "postal_code": ("billingcode", "billingzippostalcode", "billingpostalcode", "address1zippostalcode"),
    "country": ("billingcountry", "address1countryregion"),
    "phone": ("accountphone", "mainphone"),
    "description": ("accountdescription",),
    "owner": ("accountowner", "companyowner"),
}  # fmt: skip

# What only an account has: a file with one of these columns describes accounts, it does not merely name them.
ACCOUNT_OWN: Final = frozenset(
    {"industry", "annual_revenue", "employee_count", "website", "street", "city", "postal_code"}
)

# Headings that mean an account's field in a file about nothing but accounts.
ACCOUNT_FIELDS_ALONE: Final[Aliases] = {
    "name": ("name",),
    "street": ("street", "adresse", "address", "rue"),
    "city": ("city", "ville"),
    "region": ("state", "stateregion", "region"),
    "postal_code": ("postalcode", "zip", "zipcode", "codepostal"),
    "country": ("country", "countryregion", "pays"),
    "phone": ("phone", "phonenumber", "telephone"),
    "description": ("description",),
    "owner": OWNER,
}

CONTACT_FIELDS: Final[Aliases] = {
    "civility": ("salutation", "civilite", "civility"),
    "given_name": ("firstname", "prenom"),
    "family_name": ("lastname", "nom", "nomdefamille"),
    "full_name": ("contactname", "fullname", "nomcomplet"),
    "email": ("email", "emailaddress", "courriel", "mail"),
    "phone": ("phone", "phonenumber", "businessphone", "telephone"),
    "mobile": ("mobile", "mobilephone", "mobilephonenumber", "portable"),
    "title": ("title", "jobtitle", "position", "fonction", "poste"),
    "department": ("department", "service", "departement"),
    "account_name": ("accountname", "companyname", "company", "organizationname", "organisation", "entreprise",
                     "societe"),
    "street": ("mailingstreet", "adresse"),
    "city": ("mailingcity", "ville"),
    "postal_code": ("mailingzippostalcode", "mailingzip", "codepostal"),
    "country": ("mailingcountry", "pays"),
    "owner": (*OWNER, "contactowner"),
}  # fmt: skip

OPPORTUNITY_FIELDS: Final[Aliases] = {
    "name": ("dealname", "opportunityname", "dealtitle", "affaire"),
    "pipeline": ("pipeline", "dealpipeline"),
    "stage": ("stage", "dealstage", "stagename", "etape"),
    "status": ("status", "dealstatus"),
    "amount": ("amount", "dealvalue", "montant"),
    "currency": ("currency", "dealcurrency", "devise"),
    "opened": ("createdtime", "createdate", "createddate", "dealdealcreated"),
    "closes": ("closingdate", "closedate", "dealexpectedclosedate"),
    "lost_reason": ("lostreason", "deallostreason", "reasonforloss"),
    "next_step": ("nextstep",),
    "account_name": ("accountname", "companyname", "company", "dealorganization", "entreprise"),
    "contact_name": ("contactname", "dealcontactperson", "primarycontact", "interlocuteur"),
    "owner": (*OWNER, "dealowner", "opportunityowner"),
}

ACTIVITY_FIELDS: Final[Aliases] = {
    "type": ("activitytype", "typedactivite"),
    "subject": ("subject", "activitysubject", "objet"),
    "at": ("activitydate", "date", "startdatetime", "duedate"),
    "status": ("status", "activitystatus", "statut"),
    "duration": ("duration", "durationminutes", "duree"),
    "direction": ("direction", "calltype"),
    "description": ("description", "note", "notes"),
    "account_name": ("accountname", "companyname", "company", "entreprise"),
    "contact_name": ("contactname", "fullname", "interlocuteur"),
    "owner": (*OWNER, "activityowner"),
}

# Headings that name another record, a place or a role. They never say what their own row is about.
IDENTITY_TRAPS: Final = (
    "accountowner", "contactowner", "dealowner", "opportunityowner", "companyowner", "owner", "reportsto",
    "asstphone", "assistant", "assistantname", "parentaccount", "parentcompany", "associatedcompany",
    "associatedcontact", "personorganization", "dealcontactperson", "dealorganization", "accountsite",
)  # fmt: skip

IDENTITY_FIELDS: Final = frozenset({"name", "full_name", "given_name", "family_name", "email", "website"})

TABLES: Final[Mapping[FileKind, tuple[tuple[RecordKind, Aliases], ...]]] = {
    FileKind.USERS: ((RecordKind.USER, USER_FIELDS),),
    FileKind.ACCOUNTS: ((RecordKind.ACCOUNT, ACCOUNT_FIELDS), (RecordKind.ACCOUNT, ACCOUNT_FIELDS_ALONE)),
    FileKind.CONTACTS: ((RecordKind.CONTACT, CONTACT_FIELDS),),
    FileKind.OPPORTUNITIES: ((RecordKind.OPPORTUNITY, OPPORTUNITY_FIELDS),),
    FileKind.ACTIVITIES: ((RecordKind.INTERACTION, ACTIVITY_FIELDS),),
    FileKind.JOINED: (
        (RecordKind.ACCOUNT, ACCOUNT_FIELDS),
        (RecordKind.CONTACT, CONTACT_FIELDS),
        (RecordKind.OPPORTUNITY, OPPORTUNITY_FIELDS),
    ),
}

SYSTEMS: Final[Mapping[str, frozenset[str]]] = {
    "zoho": frozenset({"Account_Name", "Deal_Name", "Activity_Type", "Contact_Name", "First_Name", "Closing_Date"}),
    "salesforce": frozenset({"Opportunity Name", "Billing State/Province", "Mailing Zip/Postal Code", "StageName"}),
    "hubspot": frozenset({"Record ID", "Company Domain Name", "Deal Stage", "Lifecycle Stage"}),
    "pipedrive": frozenset({"Deal - Title", "Person - Name", "Organization - Name"}),
}
"""Headings, as written, by which a system is known."""

OTHER_SYSTEM: Final = "file"

SIGNS: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file is about and where each field stands in its rows."""

    kind: FileKind
    places: Mapping[RecordKind, Mapping[str, int]]
    left_out: tuple[str, ...]

    def of(self, kind: RecordKind) -> Mapping[str, int]:
        return self.places.get(kind, {})


def plain(heading: str) -> str:
    """A heading as the tables write it: "Account_Name*" is "accountname"."""
    return SIGNS.sub("", fold(heading))


def placed(headings: Sequence[str], aliases: Aliases) -> dict[str, int]:
    """Field -> position of the first column that means it."""
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        positions.setdefault(plain(heading), position)
    found = {
        field: next((positions[alias] for alias in names if alias in positions), None)
        for field, names in aliases.items()
    }
    return {field: position for field, position in found.items() if position is not None}


def kind_of(headings: Sequence[str]) -> FileKind | None:
    """What a file with these headings is about; None when no table knows it."""
    account, contact, opportunity, activity, user, alone = (
        placed(headings, table)
        for table in (
            ACCOUNT_FIELDS,
            CONTACT_FIELDS,
            OPPORTUNITY_FIELDS,
            ACTIVITY_FIELDS,
            USER_FIELDS,
            ACCOUNT_FIELDS_ALONE,
        )
    )
    if {"type", "at"} <= activity.keys():
        return FileKind.ACTIVITIES
    has_opportunity = "name" in opportunity and not opportunity.keys().isdisjoint({"stage", "amount"})
    has_contact = "email" in contact or {"given_name", "family_name"} <= contact.keys()
    has_account = "name" in account and not account.keys().isdisjoint(ACCOUNT_OWN)
    if "email" in user and not user.keys().isdisjoint({"full_name", "family_name"}):
        return FileKind.USERS
    if has_account + has_contact + has_opportunity >= 2:
        return FileKind.JOINED
    if has_opportunity:
        return FileKind.OPPORTUNITIES
    if has_contact:
        return FileKind.CONTACTS
    if has_account or ("name" in {**account, **alone} and not account.keys().isdisjoint(ACCOUNT_OWN)):
        return FileKind.ACCOUNTS
    return None


def recognised(headings: Sequence[str]) -> Columns | None:
    """What a file is about and what each of its columns means; None when no table knows it."""
    kind = kind_of(headings)
    if kind is None:
        return None
    places: dict[RecordKind, dict[str, int]] = {}
    for record, aliases in TABLES[kind]:
        fields = places.setdefault(record, {})
        for field, position in placed(headings, aliases).items():
            fields.setdefault(field, position)
    used = {position for fields in places.values() for position in fields.values()}
    left_out = tuple(heading for position, heading in enumerate(headings) if position not in used)
    return Columns(kind, places, left_out)


def system_of(headings: Sequence[Sequence[str]]) -> str:
    """The system that most headings of these files speak of; "file" when none is known."""
    written = {heading.strip("* ") for columns in headings for heading in columns}
    best = max(SYSTEMS, key=lambda system: len(SYSTEMS[system] & written))
    return best if SYSTEMS[best] & written else OTHER_SYSTEM
