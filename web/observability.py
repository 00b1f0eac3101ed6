"""What the operator sees: a log line for each request, and whether the site is well. Nothing about the visitor."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search.errors import EngineError
from web.services import ServicesDep

REQUESTS = logging.getLogger("practices.requests")

router = APIRouter(include_in_schema=False)


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, severity, logger, message; what the record was given as `extra={"data": …}`; a traceback."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging(level: str) -> None:
    """Have everything logged as lines of JSON to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # The server's own log of requests would hold addresses of visitors and what they searched.
    logging.getLogger("uvicorn.access").disabled = True


class RequestLog:
    """Logs each request: method, path, status, time. No address of a visitor, no words of a search."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            data = {
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "ms": round((time.perf_counter() - started) * 1000, 1),
            }
            REQUESTS.info("request", extra={"data": data})


@router.get("/healthz")
def healthz() -> Response:
    """The process is alive."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def readyz(services: ServicesDep) -> Response:
    """There is an index to answer from."""
    try:
        snapshot = services.snapshot()
    except EngineError:
        return JSONResponse({"status": "no index"}, status_code=503)
    return JSONResponse({"status": "ok", "generation": snapshot.generation, "practices": len(snapshot.library)})
