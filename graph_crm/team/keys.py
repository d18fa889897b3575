"""API keys: `gcrm_<prefix>_<secret>`.

The prefix finds the record of a key; of its 256-bit secret only the SHA-256 is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import string
from dataclasses import dataclass

KEY = re.compile(r"gcrm_([a-z0-9]{10})_([0-9a-f]{64})")
PREFIX_LETTERS = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: its text is shown once, its prefix and digest are kept."""

    text: str
    prefix: str
    digest: str


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is kept of one key. Scopes None: everything its user may do."""

    prefix: str
    digest: str
    user_id: str
    scopes: frozenset[str] | None = None
    expires_at: dt.datetime | None = None


def new_key() -> NewKey:
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _ in range(10))
    # Hexadecimal, so that a double click selects the whole key.
    secret = secrets.token_hex(32)
    return NewKey(text=f"gcrm_{prefix}_{secret}", prefix=prefix, digest=digest_of(secret))


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
