"""Which text was made from which: reprints, translations and quotations in a real ledger, whatever their order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import Row, select

from sayso.ingest import load_text
from sayso.ledger import SqlLedger, derived, open_ledger, schema
from sayso.link import origins
from sayso.link.overlap import Overlap, align, text_of
from sayso.names.scripts import fold

REPORT = """Rockets struck the grain terminal at Izmail before dawn on Thursday, setting two storehouses on fire and wounding seven
dock workers, the regional governor Oleh Kiper said. Crews from Reni and Kiliya helped to put out the flames by nine o'clock.

The mayor, Andriy Abramchenko, told reporters that 3,400 tonnes of maize had burned and that the ferry to Isaccea would
stay in port until Saturday. A Romanian patrol boat saw debris fall near the village of Plauru, across the Danube.

Colonel Natalia Humeniuk of the southern command said that air defences had shot down eleven of the sixteen drones that
came in from the Black Sea near Vylkove. "We heard them long before we saw them," said Halyna Petrenko, a crane driver,
whose flat on Suvorov Street lost all its windows. Moscow did not comment at once.
"""
REPRINT = f"GENEVA, Friday.\n\n{REPORT}\nAll rights reserved by the Lake Courier.\n"
TRIMMED = "Port in flames after night raid\n\n" + REPORT.split("\n\n")[0]
TRANSLATED = """Missiles have hit a corn port in Ismail early Thursday; fire took hold of 2 warehouses and 7 longshoremen suffered
injuries, according to Oleg Kiper, who governs the province. Firemen of Reni together with those of Kilija had mastered
the blaze around nine.

Mayor Andrij Abramtschenko informed journalists: lost are 3,400 tons of corn, and no boat will cross over to Isaccea earlier
than Saturday. Pieces of wreckage came down not far from Plauru, a hamlet on the other bank of the Donau, observed by a
Rumanian coastguard cutter.

As Natalija Gumenjuk, colonel in the army's South headquarters, put it, eleven drones out of a swarm of sixteen flying over
the Black Sea close to Wylkowe could be destroyed. Crane operator Galina Petrenko, in whose apartment in Suworow Street every
pane broke, had noticed their noise early. No reaction came from Moskau so far.
"""
INDEPENDENT = """Seven people were hurt when drones hit the Danube port of Izmail overnight, doctors at the district hospital said.
None of them is in danger. Residents posted films of a large fire by the river, and smoke could be seen from Tulcea.

Governor Oleh Kiper wrote on Telegram that most of the attackers had been brought down. The ministry of agriculture in
Kyiv put the losses at ten million dollars; its deputy head, Taras Vysotskyi, spoke of the fifth raid on the ports since July.
In Bucharest the foreign minister, Luminita Odobescu, summoned the Russian envoy and NATO said that it stood by Romania.
"""
QUOTING = """The insurers of the Danube met in Vienna on Monday to set the rates for autumn, and few of them were in a good mood.
Premiums have doubled since spring, two brokers said, and some owners now refuse to send their barges past Galati at all.

One report was read aloud in the hall: A Romanian patrol boat saw debris fall near the village of Plauru, across the Danube.
Colonel Natalia Humeniuk of the southern command said that air defences had shot down eleven of the sixteen drones that came
in from the Black Sea near Vylkove.

Nobody asked a question. A man from a Hamburg house said that his firm would wait for the harvest figures, which come out in
October, and then decide about tugs, crews and cargo. Others thought that the rates had gone as high as they could, since rail
now takes half of the wheat. The next meeting is to be held in Constanta, where a new quay will have been opened by then.
"""
SHORT = "Two shepherds were found dead near Akhaldaba on Tuesday. Police in Borjomi opened an inquiry and closed the forest road."

Facts = dict[str, str | None]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "origins.db") as opened:
        yield opened


def put(ledger: SqlLedger, *texts: tuple[str, Facts]) -> list[str]:
    """Documents of these texts with their origins; their ids."""
    run = ledger.run_id("none", "0", None)
    ids = []
    for number, (text, facts) in enumerate(texts):
        document = replace(load_text(text), path=f"{number}.txt", **facts)  # type: ignore[arg-type]
        ids.append(ledger.add(document, None, run).document)
        with ledger.writing() as connection:
            d = schema.documents
            row = connection.execute(select(d).where(d.c.id == ids[-1])).one()
            origins.add_origin(connection, row)
    return ids


def origin(ledger: SqlLedger, document: str) -> Row:  # type: ignore[type-arg]
    with ledger.engine.connect() as connection:
        o = derived.origins
        return connection.execute(select(o).where(o.c.document_id == document)).one()


def between(ledger: SqlLedger, document: str, other: str) -> Overlap | None:
    d = schema.documents
    columns = (d.c.id, d.c.number, d.c.published, d.c.origin, d.c.outlet, d.c.text)
    with ledger.engine.connect() as connection:
        one, two = (connection.execute(select(*columns).where(d.c.id == i)).one() for i in (document, other))
    return align(text_of(*one), text_of(*two))


def on(day: int, **facts: str) -> Facts:
    return {"published": f"2024-03-{day:02}", **facts}


@pytest.mark.parametrize(
    ("copy", "relation"), [(REPRINT, "copied"), (TRIMMED, "copied"), (TRANSLATED, "translated")], ids=str.lower
)
def test_a_copy_is_led_to_its_source(ledger: SqlLedger, copy: str, relation: str) -> None:
    source, made = put(ledger, (REPORT, on(7)), (copy, on(8)))
    found = origin(ledger, made)
    assert (found.parent, found.root, found.relation) == (source, source, relation)
    assert origin(ledger, source).parent is None


def test_a_short_reprint_is_found(ledger: SqlLedger) -> None:
    source, made = put(ledger, (SHORT, on(7)), (f"News in brief\n\n{SHORT}\n", on(8)))
    assert origin(ledger, made).parent == source


def test_a_short_passage_that_is_printed_alone_is_found(ledger: SqlLedger) -> None:
    source, made = put(ledger, (REPORT, on(7)), (" ".join(REPORT.split(". ")[:2]) + ".", on(8)))
    assert origin(ledger, made).parent == source


def test_an_independent_report_of_the_event_has_its_own_origin(ledger: SqlLedger) -> None:
    ids = put(ledger, (REPORT, on(7)), (INDEPENDENT, on(8)))
    assert [origin(ledger, i).root for i in ids] == ids


def test_a_quoted_passage_is_told_but_makes_no_copy(ledger: SqlLedger) -> None:
    source, quoting = put(ledger, (REPORT, on(7)), (QUOTING, on(8)))
    found = between(ledger, quoting, source)
    assert found is not None
    assert found.relation == "quotes"
    assert origin(ledger, quoting).parent is None


def test_words_in_quotation_marks_make_no_copy(ledger: SqlLedger) -> None:
    """Two reports of one speech."""
    speech = (
        "“We shall not leave the valley, we shall not sell the orchards, and nobody will build a dam here while I hold this office. "
        "Those who say otherwise have not asked the people of the valley, and I invite them to come and ask.”"
    )
    one = f"The mayor of Kvareli spoke to farmers in the rain on Sunday, and some two hundred stayed to the end. {speech} He left early."
    other = f"Applause broke out in a wet market square when the head of the town took the microphone after mass. {speech} No vote followed."
    ids = put(ledger, (one, on(7)), (other, on(8)))
    assert [origin(ledger, i).root for i in ids] == ids


def test_the_earlier_one_is_the_source_whichever_came_in_first(ledger: SqlLedger) -> None:
    later, earlier = put(ledger, (REPRINT, on(9)), (REPORT, on(7)))
    assert (origin(ledger, later).parent, origin(ledger, earlier).parent) == (earlier, None)


def test_a_credit_outweighs_dates(ledger: SqlLedger) -> None:
    copy, source = put(
        ledger,
        (REPORT + "\nSource: Lake Courier\n", on(7, outlet="Harbour Post", origin="Lake Courier")),
        (REPORT, on(8, outlet="Lake Courier")),
    )
    assert (origin(ledger, copy).parent, origin(ledger, source).parent) == (source, None)
    assert "it credits Lake Courier" in origin(ledger, copy).reasons


def test_passages_agree_word_for_word(ledger: SqlLedger) -> None:
    edited = REPORT.replace("before dawn", "in the dark").replace("said that air", "added that air").upper()
    for left, right in permutations(put(ledger, (REPORT, on(7)), (edited, on(8)), (QUOTING, on(9))), 2):
        found = between(ledger, left, right)
        if found is None:
            continue
        d = schema.documents
        with ledger.engine.connect() as connection:
            ours, theirs = (connection.scalars(select(d.c.text).where(d.c.id == i)).one() for i in (left, right))
        assert found.passages
        for start, end, other_start, other_end in found.passages:
            assert fold(ours[start:end]) == fold(theirs[other_start:other_end])
            assert ours[start:end].strip() == ours[start:end]


def test_an_overlap_is_the_same_from_both_sides(ledger: SqlLedger) -> None:
    source, made = put(ledger, (REPORT, on(7)), (QUOTING, on(8)))
    one, other = between(ledger, source, made), between(ledger, made, source)
    assert one is not None and other is not None
    assert one == other.turned()


def test_the_passages_are_kept_with_the_parent(ledger: SqlLedger) -> None:
    source, made = put(ledger, (REPORT, on(7)), (REPRINT, on(8)))
    found = between(ledger, made, source)
    assert found is not None
    assert json.loads(origin(ledger, made).passages) == [list(p) for p in found.passages] != []
    assert origin(ledger, source).passages == "[]"


def test_the_order_of_insertion_does_not_matter(tmp_path: Path) -> None:
    texts = [
        (REPORT, on(7)), (REPRINT, on(8)), (TRIMMED, on(8)), (TRANSLATED, on(9)), (INDEPENDENT, on(8)), (QUOTING, on(9)),
    ]  # fmt: skip
    tables = set()
    for number, order in enumerate([texts, texts[::-1], texts[3:] + texts[:3], texts[1::2] + texts[::2]]):
        with open_ledger(tmp_path / f"{number}.db") as ledger:
            put(ledger, *order)
            with ledger.engine.connect() as connection:
                tables.add(tuple(connection.execute(select(derived.origins).order_by("document_id")).tuples().all()))
    assert len(tables) == 1


def test_what_was_copied_from_a_removed_text_is_settled_anew(ledger: SqlLedger) -> None:
    source, first, second = put(ledger, (REPORT, on(7)), (REPRINT, on(8)), (TRIMMED, on(9)))
    d = schema.documents
    with ledger.writing() as connection:
        row = connection.execute(select(d).where(d.c.id == source)).one()
        origins.remove_origin(connection, row)
    assert origin(ledger, first).parent is None
    assert (origin(ledger, second).parent, origin(ledger, second).root) == (first, first)


def test_a_text_keeps_few_fingerprints() -> None:
    words = " ".join(f"Word{k} and{k * 7 % 11} then" for k in range(140))
    assert len(origins.prints(text_of("a", 1, None, None, None, words))) <= 120
