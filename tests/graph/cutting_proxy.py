"""A door in front of the database that cuts the connection at a chosen message, as a bad network would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

RUN = 0x10
COMMIT = 0x12
HANDSHAKE_BYTES = 20
MANIFEST = bytes([0, 0, 1, 0xFF])


class Moment(Enum):
    """When the connection is cut, counted from the chosen message of the client."""

    BEFORE = "before the message reaches the server"
    AT_ONCE = "as soon as the server has it"
    AFTER = "once the server has answered, before the client hears"


@dataclass
class Cut:
    """What is cut next, and how often it was."""

    message: int = COMMIT
    moment: Moment = Moment.AT_ONCE
    armed: bool = False
    done: int = 0
    _writers: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    def arm(self, message: int, moment: Moment) -> None:
        """Cut at the next message of that kind, once."""
        self.message, self.moment, self.armed = message, moment, True


async def varint_from(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """A number of variable length, and its bytes."""
    value, read = 0, b""
    while True:
        one = await reader.readexactly(1)
        value |= (one[0] & 0x7F) << (7 * len(read))
        read += one
        if one[0] < 0x80:
            return value, read


async def shake_hands(
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    """Both sides agree on a version of Bolt, the newer way with a list of offers or the older one."""
    server[1].write(await client[0].readexactly(HANDSHAKE_BYTES))
    answer = await server[0].readexactly(4)
    if answer != MANIFEST:
        client[1].write(answer)
        return
    count, number = await varint_from(server[0])
    offers = await server[0].readexactly(4 * count)
    _, capabilities = await varint_from(server[0])
    client[1].write(answer + number + offers + capabilities)
    chosen = await client[0].readexactly(4)
    _, capabilities = await varint_from(client[0])
    server[1].write(chosen + capabilities)


async def message_from(reader: asyncio.StreamReader) -> bytes:
    """One Bolt message with its chunks, as it was sent."""
    whole = b""
    while True:
        header = await reader.readexactly(2)
        size = int.from_bytes(header)
        whole += header
        if size:
            whole += await reader.readexactly(size)
        elif len(whole) > 2:
            return whole
        else:
            whole = b""


def tag_of(message: bytes) -> int:
    return message[3]


@asynccontextmanager
async def cutting_proxy(uri: str) -> AsyncIterator[tuple[str, Cut]]:
    """The address of the door, and the hand that cuts."""
    target = urlsplit(uri)
    cut = Cut()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await passed_on(reader, writer)
        finally:
            writer.transport.abort()

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(target.hostname, target.port)
        held = asyncio.Event()

        async def back() -> None:
            while data := await server_reader.read(65_536):
                if held.is_set():
                    # The server has decided, and nobody will hear of it.
                    break
                writer.write(data)
                await writer.drain()

        answers: asyncio.Task[None] | None = None
        try:
            await shake_hands((reader, writer), (server_reader, server_writer))
            answers = asyncio.create_task(back())
            while True:
                message = await message_from(reader)
                if cut.armed and tag_of(message) == cut.message:
                    cut.armed = False
                    cut.done += 1
                    if cut.moment is Moment.BEFORE:
                        break
                    if cut.moment is Moment.AFTER:
                        held.set()
                    server_writer.write(message)
                    await server_writer.drain()
                    if cut.moment is Moment.AFTER:
                        await answers
                    break
                server_writer.write(message)
                await server_writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if answers is not None:
                answers.cancel()
                await asyncio.gather(answers, return_exceptions=True)
            server_writer.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listener = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"bolt://127.0.0.1:{listener.sockets[0].getsockname()[1]}", cut
    finally:
        listener.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
