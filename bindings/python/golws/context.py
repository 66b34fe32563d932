"""A context of the C library on an asyncio loop."""

from __future__ import annotations

import asyncio
import ctypes
from typing import Any, Optional

from . import lowlevel as lws
from . import native


class Context:
    """One struct lws_context that the loop services through its one pollable descriptor."""

    def __init__(self, loop: asyncio.AbstractEventLoop, info: Any, keep: Any) -> None:
        #: What info points to has to live as long as the context.
        self._keep: Any = (info, keep)
        native.sweep()
        self.loop = loop
        self.handle = native.create_context(info)
        self.vhost: int = lws.lws_get_vhost_by_name(self.handle, b"default") or 0
        native.contexts[self.handle] = self
        self._descriptor: Optional[int] = lws.lws_service_pollable_fd(self.handle, 0)
        if self._descriptor is None or self._descriptor < 0:
            self.destroy()
            raise OSError("no descriptor for the event loop; the library's log says why")
        loop.add_reader(self._descriptor, self._turn)

    def _turn(self) -> None:
        if native.service(self.handle) < 0:
            self.destroy()

    def destroy(self) -> None:
        """Ends all connections, with their callbacks, and the context."""
        handle, self.handle = self.handle, 0
        if not handle:
            return
        if self._descriptor is not None and self._descriptor >= 0 and not self.loop.is_closed():
            self.loop.remove_reader(self._descriptor)
        self._descriptor = None
        lws.lws_context_destroy(handle)
        native.contexts.pop(handle, None)
        native.vhosts.pop(self.vhost, None)
        self._keep = None

    def abandon(self, error: Exception) -> None:
        """In a child that was forked: the parent's."""
        self.handle = 0
        self._descriptor = None


def retry_policy(ping_interval: Optional[float], ping_timeout: Optional[float]) -> Any:
    """When the library pings a WebSocket of which nothing was heard, and when it gives it up."""
    ping = min(max(int(-(-ping_interval // 1)), 1), 32000) if ping_interval else 0
    hangup = min(ping + max(int(-(-ping_timeout // 1)), 1), 65000) if ping and ping_timeout else 0
    return lws.lws_retry_bo(secs_since_valid_ping=ping, secs_since_valid_hangup=hangup or (65535 if ping else 0))


def deflate_extensions() -> Any:
    """The list of extensions with permessage-deflate (RFC 7692)."""
    extensions = (lws.lws_extension * 2)()
    extensions[0].name = b"permessage-deflate"
    extensions[0].client_offer = b"permessage-deflate; client_max_window_bits"
    extensions[0].callback = ctypes.cast(lws.load().lws_extension_callback_pm_deflate, lws.lws_extension_callback_function)
    return extensions
