"""The internet domain of a company."""

from __future__ import annotations

import pytest

from graph_crm.accounts.domains import company_domain, domain_of


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.example.com/path?x=1#y", "example.com"),
        ("HTTP://Shop.Example.CO.UK:8080/", "example.co.uk"),
        ("jean.dupont@mail.example.fr", "example.fr"),
        ("example.com", "example.com"),
        ("www.ministere.gouv.fr", "ministere.gouv.fr"),
        ("user:secret@example.com", "example.com"),
        ("https://société.fr", "xn--socit-esab.fr"),
        ("  example.com.  ", "example.com"),
        ("co.uk", "co.uk"),
        ("javascript:alert(1)", None),
        ("ftp://example.com", None),
        ("localhost", None),
        ("192.168.0.1", None),
        ("not a host", None),
        ("exa mple.com", None),
        ("-bad.com", None),
        ("", None),
        ("@", None),
        ("a" * 300 + ".com", None),
    ],
)
def test_the_domain_somebody_registered_is_read_from_an_address(text: str, domain: str | None) -> None:
    assert domain_of(text) == domain


def test_a_provider_of_mailboxes_is_nobodys_employer() -> None:
    assert company_domain("jean@gmail.com") is None
    assert company_domain("jean@orange.fr") is None
    assert company_domain("jean@example.com") == "example.com"
