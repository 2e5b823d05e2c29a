"""Linking, weighing and decisions on PostgreSQL come to what they come to in a file: the same exports, byte for byte, and the
tests of a file's ledger hold of a database unchanged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.ingest import load
from sayso.ledger import open_ledger
from sayso.pipeline import add_documents, link_and_weigh
from sayso.records import Document
from tests.conftest import EXAMPLES
from tests.link.test_judgements import (  # noqa: F401
    ledger,
    test_a_corrected_stance_takes_the_denial_away_and_undoing_brings_it_back,
    test_a_document_is_taken_out_of_an_event_and_comes_back,
    test_same_makes_two_names_one_and_undoing_parts_them,
    test_where_people_disagree_nothing_takes_effect_until_somebody_adjudicates,
)
from tests.link.test_order import (  # noqa: F401
    test_linking_that_was_stopped_goes_on,
    test_the_address_of_an_event_leads_on_when_it_is_named_anew,
)
from tests.link.test_turns import test_one_event_in_a_transaction_ends_alike  # noqa: F401
from tests.postgres.exports import exported
from tests.postgres.in_place import databases_for_paths
from tests.postgres.server import Server


@pytest.fixture(autouse=True)
def _in_databases(server: Server) -> Iterator[None]:
    with databases_for_paths(server):
        yield


def test_the_same_reports_give_the_same_exports(server: Server, tmp_path: Path, rules) -> None:
    documents = [d for d in load([EXAMPLES]) if isinstance(d, Document)]
    with open_ledger(str(tmp_path / "file.db")) as file, open_ledger(server.database()) as database:
        add_documents(documents, file, rules)
        link_and_weigh(file)
        random.Random(3).shuffle(documents)
        for some in (documents[:4], documents[4:]):
            add_documents(some, database, rules)
            link_and_weigh(database)
        subjects = ("claims", "events", "entities", "links", "origins", "readings")
        assert exported(database, *subjects) == exported(file, *subjects)
