"""An answer that says no: what, why, and what to do about it. One shape for every error of the API."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response


class Refusal(Exception):
    """Raised by routes, dependencies and the guard; becomes the answer. `code` is for programs, the rest for people."""

    def __init__(
        self, status: int, code: str, message: str, remedy: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.remedy = remedy
        self.headers = dict(headers or {})


def too_many(seconds: float) -> Refusal:
    wait = max(1, math.ceil(seconds))
    return Refusal(
        429, "too_many", "this was asked too often", f"wait {wait} seconds, then try again", {"Retry-After": str(wait)}
    )


def is_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def refusal_response(request: Request, refusal: Refusal) -> Response:
    """JSON under /api, a bare page elsewhere. The application gives the guard a function of its own instead, with its design."""
    if is_api(request.url.path):
        body = {"error": {"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy}}
        return JSONResponse(body, refusal.status, refusal.headers)
    told = "; ".join(filter(None, (refusal.message, refusal.remedy)))
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Sayso</title><p>{escape(told)}</p></html>'
    return HTMLResponse(page, refusal.status, refusal.headers)
