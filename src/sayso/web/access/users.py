"""Users: who there is and in which role. Nobody is ever deleted, for judgements bear their names; they are disabled."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from sayso.errors import AccessError
from sayso.web.access import passwords
from sayso.web.access.roles import ROLES
from sayso.web.access.rows import By, User
from sayso.web.access.store import sessions, tokens, users
from sayso.web.access.trail import Trail


class Users(Trail):
    """Every change ends the user's sessions, is in the audit log, and leaves at least one admin; else AccessError."""

    _seen_users = False

    def any_users(self) -> bool:
        """Whether anybody has to log in. Disabled users count: once there was a login, there is one for good."""
        if not self._seen_users:
            self._seen_users = bool(self.rows(select(users.c.id).limit(1)))
        return self._seen_users

    def users(self) -> list[User]:
        columns = (users.c.id, users.c.name, users.c.role, users.c.created, users.c.disabled)
        return [User(**row) for row in self.rows(select(*columns).order_by(users.c.name))]

    def add_user(self, name: str, password: str, role: str, by: By) -> None:
        name, role = passwords.valid_name(name), valid_role(role)
        hashed = passwords.hash_password(name, password)
        with self.writing() as connection:
            if connection.scalar(select(users.c.id).where(users.c.name == name)):
                raise AccessError(
                    f"there is a user “{name}” already; `sayso user password {name}` sets the password, "
                    f"`sayso user enable {name}` lets a disabled one in again"
                )
            connection.execute(insert(users).values(name=name, password=hashed, role=role, created=self._now()))
            _require_an_admin(connection, "the first user must be an admin; add one with `--role admin`")
            self._note(connection, by, f"added user as {role}", name)

    def knows_password(self, name: str, password: str) -> bool:
        """For somebody who is about to change it. Slow on purpose."""
        rows = self.rows(select(users.c.password).where(users.c.name == passwords.plain_name(name)))
        return passwords.matches(rows[0]["password"] if rows else None, password)

    def set_password(self, name: str, password: str, by: By) -> None:
        self._change(name, by, "changed password", password=passwords.hash_password(name, password))

    def set_role(self, name: str, role: str, by: By) -> None:
        self._change(name, by, f"changed role to {valid_role(role)}", role=role)

    def disable(self, name: str, by: By) -> None:
        """Also revokes the user's tokens; enabling does not bring them back."""
        self._change(name, by, "disabled user", disabled=self._now())

    def enable(self, name: str, by: By) -> None:
        self._change(name, by, "enabled user", disabled=None)

    def _change(self, name: str, by: By, action: str, **values: Any) -> None:
        with self.writing() as connection:
            user = self._user(connection, name)
            connection.execute(update(users).where(users.c.id == user["id"]).values(**values))
            connection.execute(delete(sessions).where(sessions.c.user == user["id"]))
            if values.get("disabled"):
                alive = (tokens.c.user == user["id"]) & tokens.c.revoked.is_(None)
                connection.execute(update(tokens).where(alive).values(revoked=self._now()))
            _require_an_admin(connection, f"“{user['name']}” is the only admin; make somebody else admin first")
            self._note(connection, by, action, user["name"])


def valid_role(role: str) -> str:
    if role not in ROLES:
        raise AccessError(f"{role!r} is no role; there are: {', '.join(ROLES)}")
    return role


def _require_an_admin(connection: Connection, message: str) -> None:
    """Looked for after the change, in its transaction: two who demote each other at once cannot both succeed."""
    if not connection.scalar(select(users.c.id).where(users.c.role == "admin", users.c.disabled.is_(None)).limit(1)):
        raise AccessError(message)
