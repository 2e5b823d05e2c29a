"""Saved searches: each person's own, by page and name."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from sayso.errors import AccessError
from sayso.web.access.rows import Search
from sayso.web.access.store import MOST_ROWS, Store, searches

_LONGEST_NAME, _LONGEST_QUERY, _MOST = 100, 8000, 500


class Searches(Store):
    def save_search(self, person: str, page: str, name: str, query: str) -> Search:
        """A search of the same name on the same page is replaced. AccessError when it is too long or one too many."""
        name = " ".join(name.split())
        if not 0 < len(name) <= _LONGEST_NAME or len(query) > _LONGEST_QUERY:
            raise AccessError(
                f"a search needs a name of 1 to {_LONGEST_NAME} characters and at most {_LONGEST_QUERY} characters of conditions"
            )
        statement = insert(searches).values(person=person, page=page, name=name, query=query, created=self._now())
        statement = statement.on_conflict_do_update(
            index_elements=["person", "page", "name"],
            set_={"query": statement.excluded.query, "created": statement.excluded.created},
        )
        with self.writing() as connection:
            connection.execute(statement)
            count = connection.scalar(select(func.count()).where(searches.c.person == person)) or 0
            if count > _MOST:
                raise AccessError(f"you have {_MOST} saved searches, the most there can be; drop one first")
        return next(s for s in self.searches(person, page) if s.name == name)

    def searches(self, person: str, page: str | None = None) -> list[Search]:
        columns = (searches.c.id, searches.c.page, searches.c.name, searches.c.query, searches.c.created)
        statement = select(*columns).where(searches.c.person == person).order_by(searches.c.page, searches.c.name)
        if page is not None:
            statement = statement.where(searches.c.page == page)
        return [Search(**row) for row in self.rows(statement)]

    def drop_search(self, person: str, id_: int) -> bool:
        """Whether this person had it; nobody drops another's."""
        with self.writing() as connection:
            mine = (searches.c.id == min(id_, MOST_ROWS)) & (searches.c.person == person)
            return connection.execute(delete(searches).where(mine)).rowcount > 0
