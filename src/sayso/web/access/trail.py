"""The audit log: who did what to whose account, and from where. Append-only, in the file itself."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from sayso.web.access.rows import By, Entry
from sayso.web.access.store import MOST_ROWS, Store, audit

_LONGEST = 500


class Trail(Store):
    def audit(self, person: str, action: str, subject: str | None = None, address: str | None = None) -> None:
        """For what happens outside this file: reports brought in, exports, documents removed."""
        with self.writing() as connection:
            self._note(connection, By(person, address), action, subject)

    def trail(self, limit: int = 100, before: int | None = None) -> list[Entry]:
        """The newest first; `before` is the id of the last line of the page before."""
        statement = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(audit.c.id < min(before, MOST_ROWS))
        return [Entry(**row) for row in self.rows(statement)]

    def _note(self, connection: Connection, by: By, action: str, subject: str | None = None) -> None:
        """In the transaction of the change itself: neither is there without the other."""
        connection.execute(
            insert(audit).values(
                at=self._now(),
                person=by.person[:_LONGEST],
                action=action[:_LONGEST],
                subject=subject and subject[:_LONGEST],
                address=by.address and by.address[:_LONGEST],
            )
        )
