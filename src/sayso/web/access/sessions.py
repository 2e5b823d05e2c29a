"""Logins and the sessions they make. A session lasts half a day from its login, so that no request ever writes to prolong it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from sayso.web.access import passwords
from sayso.web.access.roles import Visitor
from sayso.web.access.rows import By, Session
from sayso.web.access.store import sessions, users
from sayso.web.access.trail import Trail

LASTS = timedelta(hours=12)


class Sessions(Trail):
    def log_in(self, name: str, password: str, address: str | None = None) -> Session | None:
        """None for an unknown name, a wrong password and a disabled user alike, after the same work. Slow on purpose."""
        rows = self.rows(select(users).where(users.c.name == passwords.plain_name(name)))
        user = rows[0] if rows else None
        known = None if user is None or user["disabled"] else user["password"]
        right = passwords.matches(known, password)
        if user is None or known is None or not right:
            # a name that nobody has is not noted: it may be a password typed into the wrong field
            self.audit(user["name"] if user else "unknown", "login refused", None, address)
            return None
        newer = passwords.rehash(password) if passwords.is_outdated(known) else known
        session = Session(
            passwords.secret(), user["name"], user["role"], passwords.secret(), int(LASTS.total_seconds())
        )
        with self.writing() as connection:
            same = (users.c.id == user["id"]) & (users.c.password == known) & users.c.disabled.is_(None)
            if not connection.execute(update(users).where(same).values(password=newer)).rowcount:
                return None  # disabled, or given another password, while this one was being checked
            connection.execute(delete(sessions).where(sessions.c.expires <= self._now()))
            connection.execute(
                insert(sessions).values(
                    token=passwords.digest(session.token),
                    user=user["id"],
                    created=self._now(),
                    expires=(self._clock() + LASTS).isoformat(timespec="seconds"),
                    csrf=session.csrf,
                )
            )
            self._note(connection, By(user["name"], address), "logged in")
        return session

    def session(self, token: str) -> Visitor | None:
        """Who has this session now, in the role of now."""
        statement = (
            select(users.c.name, users.c.role, sessions.c.csrf)
            .join(sessions, sessions.c.user == users.c.id)
            .where(sessions.c.token == passwords.digest(token))
            .where(sessions.c.expires > self._now(), users.c.disabled.is_(None))
        )
        rows = self.rows(statement)
        return Visitor(**rows[0], via="session") if rows else None

    def log_out(self, token: str, address: str | None = None) -> None:
        visitor = self.session(token)
        if visitor is None:
            return
        with self.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token == passwords.digest(token)))
            self._note(connection, By(visitor.name, address), "logged out")

    def log_out_everywhere(self, user: str, by: By) -> None:
        with self.writing() as connection:
            row = self._user(connection, user)
            connection.execute(delete(sessions).where(sessions.c.user == row["id"]))
            self._note(connection, by, "ended all sessions", row["name"])
