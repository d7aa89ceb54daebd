"""/metrics, /healthz and /readyz on a thread; the port goes to the log and to a file for other tools."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from pipeline.errors import ConfigError
from pipeline.observe.health import Health

log = structlog.get_logger()


def run_file(state_dir: Path, name: str) -> Path:
    """Return where the process `name` ("sanitize-0") writes its pid and port."""
    return state_dir / "run" / f"{name}.json"


@contextmanager
def serving(host: str, port: int, registry: CollectorRegistry, health: Health, file: Path) -> Iterator[int]:
    """Serve while the body runs; yields the port (0 asks for a free one)."""
    try:
        server = ThreadingHTTPServer((host, port), _handler(registry, health))
    except OSError as error:
        raise ConfigError([f"http_host, http_port: cannot listen on {host}:{port}"]) from error
    bound = server.server_address[1]
    threading.Thread(target=server.serve_forever, name="observe", daemon=True).start()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.encode({"pid": os.getpid(), "http_port": bound}))
    log.info("observing", host=host, port=bound)
    try:
        yield bound
    finally:
        server.shutdown()
        server.server_close()
        file.unlink(missing_ok=True)


def _handler(registry: CollectorRegistry, health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer the three paths; 503 says no."""
            match self.path.partition("?")[0]:
                case "/metrics":
                    self._answer(HTTPStatus.OK, generate_latest(registry), CONTENT_TYPE_LATEST)
                case "/healthz":
                    self._yes_or_no(health.healthy)
                case "/readyz":
                    self._yes_or_no(health.ready)
                case _:
                    self._answer(HTTPStatus.NOT_FOUND, b"not found\n")

        def _yes_or_no(self, yes: bool) -> None:
            if yes:
                self._answer(HTTPStatus.OK, b"ok\n")
            else:
                self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"no\n")

        def _answer(self, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
            """Write nothing: who asks how often is no news."""

    return Handler
