"""The language a request wants to be answered in."""

from __future__ import annotations

from starlette.datastructures import Headers

from graph_crm.language import Language


def language_of(headers: Headers, default: Language) -> Language:
    """The language the caller wants, else the default."""
    return wanted_language(headers) or default


def wanted_language(headers: Headers) -> Language | None:
    """The first language of Accept-Language that we speak, by the caller's own weights."""
    wanted: list[tuple[float, int, Language]] = []
    for position, part in enumerate(headers.get("accept-language", "")[:200].split(",")):
        name, _, parameters = part.partition(";")
        code = name.strip().partition("-")[0].upper()
        weight = weight_of(parameters)
        if code in Language.__members__ and weight > 0:
            wanted.append((-weight, position, Language(code)))
    return min(wanted)[2] if wanted else None


def weight_of(parameters: str) -> float:
    """The q of one part of an Accept header: 1 when it says none, 0 when it makes no sense."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                weight = float(value.strip())
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0
