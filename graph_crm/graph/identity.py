"""Ids of records: UUIDv7 text made by the service, so that newer ids sort after older ones."""

from __future__ import annotations

import datetime as dt
import secrets


def new_id(now: dt.datetime | None = None) -> str:
    """A fresh UUIDv7 as text: the moment in milliseconds, then random bits (RFC 9562)."""
    milliseconds = int((now or dt.datetime.now(dt.UTC)).timestamp() * 1000)
    random = secrets.randbits(74)
    high, low = random >> 62, random & ((1 << 62) - 1)
    digits = f"{milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
