"""Where the service listens: refused in one sentence, before anything is started for it."""

from __future__ import annotations

import socket

from graph_crm.errors import Unavailable
from graph_crm.settings import Settings


def refuse_taken_port(settings: Settings) -> None:
    """Say in one sentence that the port is taken, before anything is started for it."""
    host, port = settings.listen_address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as problem:
            raise Unavailable(
                "The service cannot listen on {host}:{port}: {reason}. End what uses it, or set GRAPH_CRM_LISTEN.",
                host=host,
                port=str(port),
                reason=problem.strerror or "",
            ) from problem
