"""Every format of every subject that it can hold, written from the example reports and opened by its own tool or rules."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from sayso.export import FORMATS, SUBJECTS, fits, records, write
from sayso.ledger import ClaimFilter, SqlLedger, open_ledger, refs
from sayso.pipeline import add_paths, judge, link_and_weigh
from sayso.read import Reader
from tests.conftest import EXAMPLES
from tests.export.interchange import valid


@pytest.fixture(scope="module")
def ledger(rules: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlLedger]:
    """Of the example reports, with one decision, so that no subject is empty."""
    with open_ledger(tmp_path_factory.mktemp("formats") / "x.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        link_and_weigh(opened)
        claim = next(iter(opened.claims(ClaimFilter())))
        with opened.engine.connect() as connection:
            ref = refs.claim_ref(connection, claim["id"])
        judge(opened, "reject", ref, person="ada")
        yield opened


def test_every_format_has_its_check() -> None:
    assert set(valid.CHECKS) == set(FORMATS)


@pytest.mark.parametrize(("subject", "form"), [(s, f) for f in FORMATS for s in SUBJECTS if fits(s, f)])
def test_what_is_written_is_what_its_tool_finds(ledger: SqlLedger, subject: str, form: str) -> None:
    if FORMATS[form].extra:
        pytest.importorskip({"ftm": "followthemoney", "stix": "stix2", "kml": "simplekml"}[form])
    out = io.BytesIO()
    with ledger.engine.connect() as connection:
        report = write(records(subject, connection), out, form)
    assert valid.rows(subject, form, out.getvalue()) == report.rows > 0
