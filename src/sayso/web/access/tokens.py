"""API tokens: for scripts, shown once, never above their user's role, gone when revoked or when the user is disabled."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from sayso.errors import AccessError
from sayso.web.access import passwords
from sayso.web.access.roles import Visitor, lower, rank
from sayso.web.access.rows import By, Token
from sayso.web.access.store import MOST_ROWS, tokens, users
from sayso.web.access.trail import Trail
from sayso.web.access.users import valid_role

PREFIX = "sayso_"
"""lets scanners for leaked secrets know one when they see it"""
_LONGEST_NAME = 100


class Tokens(Trail):
    def make_token(self, user: str, name: str, by: By, role: str | None = None) -> str:
        """The token itself, which cannot be had again. `role` defaults to the user's; AccessError when it is above it."""
        name = " ".join(name.split())
        if not 0 < len(name) <= _LONGEST_NAME:
            raise AccessError(f"a token needs a name of 1 to {_LONGEST_NAME} characters that says what it is for")
        plain = PREFIX + passwords.secret()
        with self.writing() as connection:
            row = self._user(connection, user)
            if row["disabled"]:
                raise AccessError(f"“{row['name']}” is disabled; `sayso user enable {row['name']}` first")
            role = valid_role(role or row["role"])
            if rank(role) > rank(row["role"]):
                raise AccessError(f"“{row['name']}” is {row['role']}; a token of theirs cannot be {role}")
            values = {"sha256": passwords.digest(plain), "last4": plain[-4:], "created": self._now()}
            connection.execute(insert(tokens).values(user=row["id"], name=name, role=role, **values))
            self._note(connection, by, f"made token “{name}” as {role}", row["name"])
        return plain

    def by_token(self, plain: str) -> Visitor | None:
        """In the token's role, or in the user's where that has become the lower one."""
        if not plain.startswith(PREFIX):
            return None
        statement = (
            select(users.c.name, users.c.role, tokens.c.role.label("of_token"))
            .join(tokens, tokens.c.user == users.c.id)
            .where(tokens.c.sha256 == passwords.digest(plain))
            .where(tokens.c.revoked.is_(None), users.c.disabled.is_(None))
        )
        return next(
            (Visitor(r["name"], lower(r["role"], r["of_token"]), "", "token") for r in self.rows(statement)), None
        )

    def tokens(self, user: str | None = None) -> list[Token]:
        """All of one user, or of everybody; revoked ones too."""
        columns = (tokens.c.id, users.c.name.label("user"), *(tokens.c[n] for n in _SHOWN))
        statement = select(*columns).join(users, users.c.id == tokens.c.user).order_by(tokens.c.id)
        if user is not None:
            statement = statement.where(users.c.name == passwords.plain_name(user))
        return [Token(**row) for row in self.rows(statement)]

    def revoke(self, token_id: int, by: By, user: str | None = None) -> None:
        """`user` for those who may revoke only their own. AccessError when there is no such token in use."""
        statement = select(tokens.c.name, users.c.name.label("user")).join(users, users.c.id == tokens.c.user)
        statement = statement.where(tokens.c.id == min(token_id, MOST_ROWS), tokens.c.revoked.is_(None))
        if user is not None:
            statement = statement.where(users.c.name == passwords.plain_name(user))
        with self.writing() as connection:
            row = connection.execute(statement).mappings().first()
            if row is None:
                raise AccessError(f"there is no token {token_id} in use; `sayso user tokens` lists them")
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(revoked=self._now()))
            self._note(connection, by, f"revoked token “{row['name']}”", row["user"])


_SHOWN = ("name", "role", "created", "last4", "revoked")
