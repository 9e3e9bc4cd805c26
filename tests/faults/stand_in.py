"""A small HTTP server in front of a real one: it passes everything on, or misbehaves when told to."""

import asyncio
import threading
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.conftest import free_port

Result = TypeVar("Result")
BROKEN = (OSError, EOFError, asyncio.LimitOverrunError)


@dataclass
class Behaviour:
    """What happens to each request: after `delay` seconds it is passed on, or answered with `body` if there is one."""

    delay: float = 0
    status: int = 200
    body: bytes | None = None
    requests: int = 0
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


class StandIn:
    """Listens on `port`, speaks to the real server on `target`, and counts the requests that are inside."""

    def __init__(self) -> None:
        """Listen at once."""
        self.port, self.target = free_port(), free_port()
        self.inside = self.most_inside = 0
        self._behaviour = Behaviour()
        self._connections: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = self._do(self._listen())

    @contextmanager
    def misbehaving(self, behaviour: Behaviour) -> Iterator[Behaviour]:
        """Inside, requests are treated so; at the end those that still wait are passed on."""
        self._behaviour = behaviour
        self.most_inside = 0
        try:
            yield behaviour
        finally:
            self._behaviour = Behaviour()
            self._loop.call_soon_threadsafe(behaviour.is_over.set)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Inside, nothing listens, and the open connections are gone: as when the real server is killed."""
        self._do(self._leave())
        try:
            yield
        finally:
            self._server = self._do(self._listen())

    def close(self) -> None:
        """Stop for good."""
        self._do(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> asyncio.AbstractServer:
        return await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1000)

    async def _leave(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other, until either side hangs up."""
        self._connections.add(writer)
        with suppress(*BROKEN):
            while True:
                request = await _read(reader)
                writer.write(await _unless_hung_up(reader, self._counted(request)))
        self._connections.discard(writer)
        writer.close()

    async def _counted(self, request: bytes) -> bytes:
        if not request.startswith(b"POST"):  # a look whether it is there is no turn
            return await self._answer(request, self._behaviour)
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            return await self._answer(request, self._behaviour)
        finally:
            self.inside -= 1

    async def _answer(self, request: bytes, behaviour: Behaviour) -> bytes:
        behaviour.requests += 1
        if behaviour.delay:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(behaviour.is_over.wait(), behaviour.delay)
        if behaviour.body is None:
            return await self._pass_on(request)
        head = f"HTTP/1.1 {behaviour.status} X\r\nContent-Type: application/json\r\nContent-Length: "
        return f"{head}{len(behaviour.body)}\r\n\r\n".encode() + behaviour.body

    async def _pass_on(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            writer.write(request)
            return await _read(reader)
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    """One request or response, whole; its length must stand in its head."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(b":", 1) for line in head.splitlines()[1:] if b":" in line)
    return head + await reader.readexactly(int(fields.get(b"content-length", b"0")))


async def _unless_hung_up(reader: asyncio.StreamReader, work: Awaitable[bytes]) -> bytes:
    """The answer; where the client hangs up first the work is given up, as a server does."""
    answering = asyncio.ensure_future(work)
    hanging_up = asyncio.ensure_future(reader.read(1))
    await asyncio.wait([answering, hanging_up], return_when=asyncio.FIRST_COMPLETED)
    has_hung_up = not answering.done()
    for task in (answering, hanging_up):
        task.cancel()
    await asyncio.gather(answering, hanging_up, return_exceptions=True)
    if has_hung_up:
        raise EOFError("the client hung up")
    return answering.result()
