"""What is documented is what there is."""

from __future__ import annotations

import re

from graph_crm.settings import Settings
from tests.contract.source import ROOT


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(
        re.findall(r"^\| `(GRAPH_CRM_\w+)`", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE)
    )
    assert documented == {f"GRAPH_CRM_{name.upper()}" for name in Settings.model_fields}


def test_the_readme_leads_to_pages_that_exist() -> None:
    for readme in ("README.md", "README.fr.md"):
        links = re.findall(r"\]\(([^)#]+)\)", (ROOT / readme).read_text("utf-8"))
        assert links
        assert [link for link in links if not (ROOT / link).exists()] == []
