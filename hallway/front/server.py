"""Runs the front under uvicorn: limits on connections, streams that end politely, one process."""

import asyncio
import contextlib
import resource
import socket

import uvicorn

from hallway.front.app import Front
from hallway.front.protocol import FrontProtocol

MOST_DESCRIPTORS = 100_000
KEPT_FREE = 500  # descriptors that live streams leave to pages and files
SWEEP_SECONDS = 1.0


class Server(uvicorn.Server):
    """uvicorn's server with a sweep over its connections and an orderly end for streams."""

    def __init__(self, config: uvicorn.Config, front: Front) -> None:
        super().__init__(config)
        self._front = front
        self._sweeper: asyncio.TimerHandle | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and begin to sweep."""
        await super().startup(sockets)
        self._sweep()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, send the listeners away, then let uvicorn finish what is under way."""
        for server in self.servers:
            server.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
        # Before uvicorn's own shutdown: it waits for connections before it tells the application.
        await self._front.hub.close()
        await super().shutdown(sockets)

    def _sweep(self) -> None:
        """One timer for all connections."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in list(self.server_state.connections):
            if isinstance(connection, FrontProtocol):
                connection.sweep(now)
        self._sweeper = loop.call_later(SWEEP_SECONDS, self._sweep)


def serve(
    app: Front,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    uds: str | None = None,
    forwarded_allow_ips: str = "127.0.0.1,::1",
    keep_alive: int = 30,
) -> None:
    """Serve until SIGTERM or SIGINT; afterwards that signal is raised again, so the exit status is -15 or -2.

    `forwarded_allow_ips` are the proxies whose X-Forwarded-For and -Proto count. A Unix socket `uds` replaces
    host and port, and whoever connects there is taken for the proxy on this machine.
    """
    app.hub.room_for = raise_descriptor_limit() - KEPT_FREE
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        uds=uds,
        loop="uvloop",
        http=type("BoundProtocol", (FrontProtocol,), {"at_once": staticmethod(app.answer_at_once)}),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=4096,
        timeout_keep_alive=keep_alive,
        timeout_graceful_shutdown=3,
        forwarded_allow_ips=forwarded_allow_ips,
    )
    Server(config, app).run()


def raise_descriptor_limit() -> int:
    """Allow this process as many open descriptors as it may have, and return how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
