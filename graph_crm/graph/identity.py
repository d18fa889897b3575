"""Ids of records: UUIDv7 text made by the service, so that newer ids sort after older ones."""

from __future__ import annotations

import datetime as dt
import uuid


def new_id(now: dt.datetime | None = None) -> str:
    """A fresh UUIDv7 as text: the moment in milliseconds, then random bits (RFC 9562)."""
    milliseconds = int((now or dt.datetime.now(dt.UTC)).timestamp() * 1000)
    random = uuid.uuid4().int & ((1 << 74) - 1)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))
