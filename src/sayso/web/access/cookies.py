"""The cookie that holds a session: unseen by scripts, never sent from a page elsewhere."""

from __future__ import annotations

from starlette.responses import Response

from sayso.web.access.rows import Session

COOKIE = "sayso_session"


def set_session_cookie(response: Response, session: Session, https: bool) -> None:
    response.set_cookie(
        COOKIE, session.token, max_age=session.seconds, path="/", secure=https, httponly=True, samesite="strict"
    )


def clear_session_cookie(response: Response, https: bool) -> None:
    response.delete_cookie(COOKIE, path="/", secure=https, httponly=True, samesite="strict")
