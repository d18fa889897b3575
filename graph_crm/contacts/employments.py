"""What happens to somebody's employments when one begins, ends or turns out to be different."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from graph_crm.contacts.seniority import seniority_of
from graph_crm.contacts.types import Employment, Post, Seniority
from graph_crm.errors import Duplicate, Invalid, NotFound
from graph_crm.graph.folding import fold
from graph_crm.graph.texts import optional_line


def post_of(post: Post) -> tuple[str | None, str | None, Seniority, bool]:
    """Title, department and level of a post, and whether the level was read from the title."""
    title = optional_line(post.title, ("title",))
    department = optional_line(post.department, ("department",))
    if post.seniority is not None:
        return title, department, post.seniority, False
    return title, department, seniority_of(title), title is not None


def begun(
    held: Iterable[Employment],
    post: Post,
    *,
    id: str,
    contact_id: str,
    account_id: str,
    ended_ids: Collection[str],
    begins: dt.date | None,
    today: dt.date,
) -> tuple[Employment, list[Employment]]:
    """The new employment, and those of the held ones that become different with it."""
    kept = {employment.id: employment for employment in held}
    before = dict(kept)
    for ended_id in ended_ids:
        kept[ended_id] = ended(kept.get(ended_id), begins or today)
    title, department, seniority, derived = post_of(post)
    here = [employment for employment in kept.values() if employment.in_force(today)]
    primary = post.is_primary if post.is_primary is not None else not any(each.is_primary for each in here)
    new = Employment(
        id, contact_id, account_id, title, department, seniority, derived, primary, begins, valid_to=None
    )
    for employment in kept.values():
        same_post = fold(employment.title or "") == fold(title or "")
        if employment.account_id == account_id and same_post and employment.overlaps(new):
            raise Duplicate(
                "This person already has that post there.", candidates=(employment.id,), field=("accountId",)
            )
    if primary:
        kept |= {each.id: dataclasses.replace(each, is_primary=False) for each in here}
    return new, [employment for key, employment in kept.items() if employment != before[key]]


def ended(employment: Employment | None, day: dt.date) -> Employment:
    """The employment as one that lasted until before that day."""
    if employment is None:
        raise NotFound("This person has no such employment.", field=("endEmploymentIds",))
    if employment.valid_to is not None and employment.valid_to <= day:
        raise Invalid(
            "This employment has already ended, on {day}.", day=employment.valid_to, field=("endEmploymentIds",)
        )
    if employment.valid_from is not None and employment.valid_from >= day:
        raise Invalid(
            "This employment begins only on {day}: it cannot end before.",
            day=employment.valid_from,
            field=("endEmploymentIds",),
        )
    return dataclasses.replace(employment, valid_to=day)


def corrected(employment: Employment, given: Mapping[str, Any]) -> Employment:
    """The employment with what was given in place of what was known; None takes a value away."""
    values = dict(given)
    for name in ("title", "department"):
        if name in values:
            values[name] = optional_line(values[name], (name,))
    if values.get("seniority") is not None:
        values["seniority_derived"] = False
    elif "seniority" in values or ("title" in values and employment.seniority_derived):
        title = values.get("title", employment.title)
        values |= {"seniority": seniority_of(title), "seniority_derived": title is not None}
    if values.get("is_primary", False) is None:
        del values["is_primary"]
    new = dataclasses.replace(employment, **values)
    if new.valid_from is not None and new.valid_to is not None and new.valid_to <= new.valid_from:
        raise Invalid("An employment ends after the day it begins.", field=("validTo",))
    return new
