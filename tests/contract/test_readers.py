"""Every statement that meets a record takes the viewer's groups, or is named here with its reason."""

from __future__ import annotations

import re

from tests.contract.test_statements import code_of, files

HAS_READERS = re.compile(r":(?:\w+[|:])*(?:Account|Contact|Opportunity|Stakeholder|KNOWS)\b")
"""Records with readers of their own, or whose readers are those of their two ends."""

ON_THE_MACHINE = "doctor, on the machine itself, looks at everything"
IMPORTS = "an import is for those who may write every record (IMPORT_FILES)"
AFTER_THE_RULE = "a write: its use case has asked require_writable, or seen both ends, in the same transaction"
DERIVES = "derives who may see a record: it has to meet what the viewer may not see"
REBUILDS = "rebuilds what is derived, on the machine itself"

WITHOUT_GROUPS: dict[str, str] = {
    "accounts/create": "makes a new record",
    "accounts/create_person": "makes a new record",
    "activities/touch": "a write: dates of records that the new interaction is about",
    "activities/touched_accounts": "names accounts to lock, and tells nobody",
    "contacts/create": "makes a new record",
    "contacts/reach_by_email": AFTER_THE_RULE,
    "contacts/reach_by_phone": AFTER_THE_RULE,
    "contacts/set_employment": AFTER_THE_RULE,
    "doctor/degree": ON_THE_MACHINE,
    "doctor/key_of_tie": ON_THE_MACHINE,
    "doctor/no_circle_of_accounts": ON_THE_MACHINE,
    "doctor/no_circle_of_managers": ON_THE_MACHINE,
    "doctor/one_contact_and_one_scope": ON_THE_MACHINE,
    "doctor/one_open_assessment": ON_THE_MACHINE,
    "doctor/one_solid_manager": ON_THE_MACHINE,
    "doctor/readers_of_accounts": ON_THE_MACHINE,
    "doctor/readers_of_contacts": ON_THE_MACHINE,
    "doctor/readers_of_opportunities": ON_THE_MACHINE,
    "doctor/required_fields": ON_THE_MACHINE,
    "imports/attach_opportunities": IMPORTS,
    "imports/change_accounts": IMPORTS,
    "imports/change_contacts": IMPORTS,
    "imports/change_opportunities": IMPORTS,
    "imports/create_accounts": IMPORTS,
    "imports/customers_of_won": IMPORTS,
    "imports/searchable": IMPORTS,
    "imports/versions": IMPORTS,
    "imports/create_contacts": IMPORTS,
    "imports/create_interactions": IMPORTS,
    "imports/create_notes": IMPORTS,
    "imports/create_opportunities": IMPORTS,
    "imports/employ_contacts": IMPORTS,
    "imports/reach_contacts": IMPORTS,
    "imports/set_owners": IMPORTS,
    "imports/touch_last_interactions": IMPORTS,
    "imports/work_on_accounts": IMPORTS,
    "opportunities/become_customers": AFTER_THE_RULE,
    "opportunities/create": "makes a new record; its ends were seen with the viewer's groups in the same transaction",
    "opportunities/drop_role_template": AFTER_THE_RULE,
    "opportunities/give_reason": AFTER_THE_RULE,
    "opportunities/move": AFTER_THE_RULE,
    "opportunities/set_consensus_rule": AFTER_THE_RULE,
    "opportunities/set_role_template": AFTER_THE_RULE,
    "opportunities/standing": AFTER_THE_RULE,
    "paths/some_contacts": "warms the database at the start, and tells nobody",
    "stakeholders/append_assessments": AFTER_THE_RULE,
    "stakeholders/create_conflict": AFTER_THE_RULE,
    "stakeholders/create_influence": AFTER_THE_RULE,
    "stakeholders/create_part": AFTER_THE_RULE,
    "stakeholders/create_reporting_line": AFTER_THE_RULE,
    "stakeholders/end_link": AFTER_THE_RULE,
    "stakeholders/history": "the versions of parts that were seen before, or are changed",
    "stakeholders/point_at_open_assessment": AFTER_THE_RULE,
    "stakeholders/primary_parts": "a write: no two main contacts in one deal, whoever sees them",
    "stakeholders/reports_back_to": "a write: no circle of managers, whoever sees it",
    "stakeholders/same_links": "a write: no link twice, whoever sees it",
    "stakeholders/some_deals": "warms the database at the start, and tells nobody",
    "team/lapsed_assignments": DERIVES,
    "team/own": "a write: the first owner of the record that the same transaction makes",
    "team/readers_of_accounts": DERIVES,
    "team/readers_of_contacts": DERIVES,
    "team/readers_of_opportunities": DERIVES,
    "team/records_of_users": DERIVES,
    "team/replace_territories_of_account": AFTER_THE_RULE,
    "ties/add_contacts": "a write: what happened between people brings them closer, whoever sees it",
    "ties/clear_contacts": REBUILDS,
    "ties/count_degrees": REBUILDS,
    "ties/drop_empty": REBUILDS,
    "ties/state": AFTER_THE_RULE,
    "ties/stored": "a write: one pair has one tie; what is answered does not depend on it",
}
"""Statements that meet records and take no groups of a viewer: name -> why."""


def meets_records_without_groups(code: str) -> bool:
    return HAS_READERS.search(code) is not None and "$viewer_groups" not in code


def test_each_statement_that_meets_a_record_takes_the_viewers_groups() -> None:
    found = {name for name in files() if meets_records_without_groups(code_of(name))}
    assert found - set(WITHOUT_GROUPS) == set(), "let it test readers, or name it with its reason"
    assert set(WITHOUT_GROUPS) - found == set(), "named without need"


def test_the_check_sees_a_statement_that_forgets_who_asks() -> None:
    assert meets_records_without_groups("MATCH (account:Record:Account {id: $id}) RETURN account.name AS name")
    assert meets_records_without_groups("MATCH (one)-[tie:LIKES|KNOWS]-(other) RETURN tie.id AS id")
    assert not meets_records_without_groups("MATCH (team:Record:Team) RETURN team.id AS id")
    assert not meets_records_without_groups(
        "MATCH (deal:Opportunity) WHERE any(group IN deal.readers WHERE group IN $viewer_groups) RETURN deal.id AS id"
    )
