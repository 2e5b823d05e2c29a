"""A large ledger with realistic skew, and what it costs to ask it and to link a new batch: `python -m benchmarks.scale`.

Ten thousand reports of ten days are written by a seeded generator (few big events with many reprints, many small ones),
read by the `rules` reader and linked by the real pipeline. They are the newest days of the ledger. Older days are copies of
them in SQL, each set ten days earlier with ids, names and block keys of its own, until the wanted number of documents is
there: the distributions are those of the real rows, the content of old days is not looked at. Then

- every command's question is asked many times with different arguments (95th percentile), in the process and as a command;
- the same new batch of 1,000 reports is linked into the ledger of ten thousand and into the large one.

Results go to `benchmarks/results/scale.json`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.__main__ import record
from sayso.gazetteer import default_gazetteer
from sayso.ingest import load_bytes
from sayso.ledger import ClaimFilter, open_ledger, views
from sayso.link import link
from sayso.pipeline import add_documents, link_and_weigh
from sayso.read import load_reader
from sayso.weigh import weigh

BASE = 10_000
DAYS = 10
BATCH = 1_000
LAST = date(2024, 6, 30)
_PLACES = (
    "Kharkiv Sumy Kherson Mykolaiv Odesa Poltava Belgorod Kursk Bryansk Donetsk Luhansk Zaporizhzhia Bakhmut Avdiivka Vovchansk Kupiansk Omdurman "
    "Khartoum Nyala Aleppo Idlib Homs Raqqa Mosul Kirkuk Sanaa Aden Hodeidah Goma Bukavu Beni Bunia Mopti Gao Kidal Timbuktu Maiduguri Mogadishu "
    "Kismayo Mekelle Kabul Kandahar Herat Kunduz Peshawar Quetta Mandalay Sittwe Myitkyina Bogota Cali Lima"
).split()
_ACTORS = (
    "the army|the rebels|Russian forces|Ukrainian forces|the Rapid Support Forces|Houthi fighters|M23 rebels|Taliban fighters|"
    "Islamic State militants|government troops|Al-Shabaab fighters|the Arakan Army"
).split("|")
_THINGS = "a market|a hospital|a school|an oil depot|a bridge|a police post|a convoy|a power station|an apartment block|a railway station".split(
    "|"
)
_VERBS = "shelled|attacked|bombed|raided|struck".split("|")
_GIVEN = "Ivan Oleh Serhii Ahmed Yusuf Hassan Mary Anna Jean Pierre Luis Carlos Aung Ko Abdul Karim Musa Ibrahim Tesfaye Samuel".split()
_FAMILY = "Petrenko Bondar Koval Melnyk Haddad Khalil Nasser Mwangi Okoro Diallo Keita Traore Rojas Mendoza Quispe Hlaing Thein Rahimi Popal Bekele".split()
_OUTLETS = [
    f"{a} {b}"
    for a in ("Morning", "Valley", "Northern", "City", "Union", "River", "Free", "Daily")
    for b in ("Post", "Courier", "Herald", "Press", "Echo", "Star")
]


def _words() -> list[str]:
    """Ordinary words for what else a report tells, so that reports of different events share no more than such words."""
    from spellchecker import SpellChecker

    known = SpellChecker(language="en").word_frequency.dictionary
    return sorted(w for w, n in known.items() if 4 <= len(w) <= 9 and w.isalpha() and n > 2000)


def reports(count: int, first: date, days: int, seed: int) -> Iterator[dict[str, str]]:
    """Reports of `days` days: events with Zipf-like numbers of reports, about half of them reprints."""
    chance = random.Random(seed)
    words = _words()
    made = 0
    while made < count:
        size = min(count - made, 200, max(1, int(chance.paretovariate(0.9))))
        happened = first + timedelta(days=chance.randrange(days))
        story = _story(chance, happened)
        originals: list[str] = []
        for _ in range(size):
            published = min(
                happened + timedelta(days=min(3, int(chance.expovariate(1.2)))), first + timedelta(days=days - 1)
            )
            if originals and chance.random() < 0.5:
                text = chance.choice(originals)
            else:
                text = _report(chance, story) + _detail(chance, words)
                originals.append(text)
            made += 1
            yield {
                "id": f"{seed}-{made}",
                "outlet": chance.choice(_OUTLETS),
                "date": published.isoformat(),
                "text": text + f"\n\nEdition {made}.",
            }


def _story(chance: random.Random, happened: date) -> dict[str, Any]:
    speakers = [f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}" for _ in range(3)]
    return {
        "day": happened.strftime("%A"), "place": chance.choice(_PLACES), "actor": chance.choice(_ACTORS), "thing": chance.choice(_THINGS),
        "verb": chance.choice(_VERBS), "toll": chance.randrange(1, 60), "speakers": speakers, "street": f"{chance.choice(_FAMILY)} Street",
    }  # fmt: skip


_SENTENCES = (
    (
        "{Actor} {verb} {thing} on {street} in {place} on {day}, killing {toll} people, the governor, {who}, said.",
        "The governor, {who}, said {toll} people were killed when {actor} {verb} {thing} in {place} on {day}.",
        "{toll} people died in {place} on {day} after {actor} {verb} {thing} there, according to {who}, the governor.",
        "On {day} {thing} on {street} was hit by {actor}; {toll} residents of {place} were killed, said {who}.",
        "“They {verb} {thing} and {toll} of our people are dead,” {who}, who governs {place}, said of {actor} on {day}.",
        "{who} told reporters in {place} that {actor} had killed {toll} people there on {day}.",
    ),
    (
        "A doctor in {place} said that {hurt} people were wounded in the attack on {street}.",
        "Hospitals in {place} had taken in {hurt} wounded by nightfall, a nurse said.",
        "At least {hurt} people were injured near {street}, the city council of {place} reported.",
        "Rescuers counted {hurt} wounded around {thing}.",
        "{hurt} others, among them children, were hurt, the health department said.",
    ),
    (
        "A spokesman for {actor} denied that they had {verb} {thing} in {place}.",
        "{who} accused {actor} of the attack in {place}.",
        "Residents of {place} said that they had heard {heard} explosions on {day}.",
        "{Actor} had no part in what happened in {place}, their commander said.",
        "Nobody in {place} slept after the {heard} blasts, a shopkeeper said.",
        "The attack on {thing} was the work of {actor}, an aide to {who} said.",
    ),
)
"""ways to say the same: independent reports of one event share names and numbers, not their phrases"""


def _report(chance: random.Random, s: dict[str, Any]) -> str:
    toll = s["toll"] + chance.choice((0, 0, 0, 2, 7))
    who = chance.choice(s["speakers"])
    told = {
        **s,
        "Actor": s["actor"].capitalize(),
        "who": who,
        "toll": toll,
        "hurt": toll + chance.randrange(20),
        "heard": chance.randrange(2, 9),
    }
    lines = [chance.choice(some).format(**told) for some in _SENTENCES]
    chance.shuffle(lines)
    return " ".join(lines[: chance.choice((2, 3, 3))])


def add(ledger_path: Path, rows: Iterator[dict[str, str]], name: str) -> None:
    data = "\n".join(json.dumps(r) for r in rows).encode()
    with open_ledger(ledger_path) as ledger:
        add_documents(load_bytes(data, name), ledger, load_reader("rules"))


def _detail(chance: random.Random, words: list[str]) -> str:
    return "".join(
        f" {' '.join(chance.choices(words, k=chance.randrange(8, 16))).capitalize()}."
        for _ in range(chance.randrange(2, 5))
    )


# -- growing ------------------------------------------------------------------------------------------------------

_IDS = {"document_id", "other_id", "parent", "left_document", "right_document", "document"}
_NAMED = {
    ("names", "id"),
    ("names", "identity"),
    ("name_links", "left"),
    ("name_links", "right"),
    ("entity_names", "name_id"),
    ("ties", "left"),
    ("ties", "right"),
}
_EVENTS = {
    ("profiles", "event"), ("linked_events", "id"), ("claim_links", "event"), ("assessments", "event"), ("ties", "event"),
    ("proposals", "event"),
}  # fmt: skip
_CLAIMS = {("claims", "id"), ("claim_links", "left_claim"), ("claim_links", "right_claim"), ("ties", "claim")}
_REFS = {("proposals", "subject"), ("proposals", "object")}
_DATES = {
    ("documents", "published"),
    ("events", "first_day"),
    ("events", "last_day"),
    ("linked_events", "first_day"),
    ("linked_events", "last_day"),
    ("linked_events", "first_said"),
    ("linked_events", "last_said"),
    ("claim_links", "said"),
    ("ties", "said"),
}
_SKIPPED = {"runs", "originals", "failures", "judgements", "judgement_marks", "registry_entries", "alembic_version"}


_ODD = 0x9E3779B97F4A7C15
"""2⁶⁴ over the golden ratio: its multiples have bits of their own for each copy (Knuth, The Art of Computer Programming 3, 6.4)"""

_APART = 1_000_003
"""between the numbers of a proposal and its copy: proposals are numbered by hashes of 50 bits"""


def grow(path: Path, wanted: int, tell: Callable[[str], None], base_size: int = BASE) -> None:
    """Copy the days of the base to earlier ones until there are `wanted` documents."""
    days = base_size * DAYS // BASE
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -1500000")
        db.execute("PRAGMA temp_store = MEMORY")
        tables = [
            r[0]
            for r in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'documents_fts%'"
            )
        ]
        columns = {t: [r[1:3] for r in db.execute(f"PRAGMA table_info({t})")] for t in tables}
        numbered = {
            t: (db.execute(f"SELECT max(number) FROM {t}").fetchone()[0] or 0)
            for t in ("documents", "names", "profiles")
        }
        ids = {
            t: (db.execute(f"SELECT max(id) FROM {t}").fetchone()[0] or 0) for t in ("copies", "claim_links", "ties")
        }
        base = {t: _copy_base(db, t) for t in tables if t not in _SKIPPED}
        copies = (wanted + base_size - 1) // base_size - 1
        for k in range(1, copies + 1):
            db.execute("BEGIN")
            for table, source in base.items():
                chosen = ", ".join(_shifted(table, name, k, days, numbered, ids) for name, _ in columns[table])
                names = ", ".join(f'"{name}"' for name, _ in columns[table])
                db.execute(f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {source}")
            db.execute("COMMIT")
            if k % 10 == 0 or k == copies:
                tell(f"{(k + 1) * base_size:,} documents")
        for table in base.values():
            db.execute(f"DROP TABLE {table}")
        db.execute("INSERT INTO documents_fts (documents_fts) VALUES ('rebuild')")
        db.execute("PRAGMA analysis_limit = 2000")
        db.execute("ANALYZE")
        db.execute("PRAGMA journal_mode = WAL")


def _copy_base(db: sqlite3.Connection, table: str) -> str:
    db.execute(f"CREATE TEMP TABLE base_{table} AS SELECT * FROM {table}")
    return f"base_{table}"


def _shifted(table: str, column: str, k: int, days: int, numbered: dict[str, int], ids: dict[str, int]) -> str:
    """A column of copy k: ids begin with its number, numbers are moved up, days are moved back, hashes get bits of their own."""
    quoted = f'"{column}"'
    hashed = _NAMED | _EVENTS | _CLAIMS | {("documents", "id"), ("origins", "root")}
    if (table, column) in hashed or (column in _IDS and table != "fingerprints"):
        return f"'{_mark(k)}' || substr({quoted}, 9)"
    if (table, column) == ("names", "key"):
        return f"{quoted} || ' {k}'"
    if (table, column) in _DATES:
        return f"date(substr({quoted}, 1, 10), '-{k * days} days')"
    if column == "number" and table in numbered:
        return f"{quoted} + {k * numbered[table]}"
    if (table, column) in {("event_blocks", "profile"), ("event_links", "left"), ("event_links", "right")}:
        return f"{quoted} + {k * numbered['profiles']}"
    if (table, column) == ("name_blocks", "name"):
        return f"{quoted} + {k * numbered['names']}"
    if (table, column) == ("fingerprints", "document"):
        return f"{quoted} + {k * numbered['documents']}"
    if (table, column) in {("fingerprints", "hash"), ("event_blocks", "key"), ("name_blocks", "key")}:
        bits = k * _ODD & 0x7FFFFFFFFFFFFFFF
        return f"(({quoted} | {bits}) - ({quoted} & {bits}))"  # exclusive or: SQLite has none
    if column == "id" and table in ids:
        return f"{quoted} + {k * ids[table]}"
    if (table, column) in _REFS:
        return _shifted_ref(quoted, k)
    if (table, column) == ("proposals", "id"):
        return f"{quoted} + {k * _APART}"
    return quoted


def _shifted_ref(quoted: str, k: int) -> str:
    """name:ID, event:DOCUMENT/REF and claim:DOCUMENT/CLAIM; of an event's ref the part after the stroke stays."""
    rest = f"substr({quoted}, instr({quoted}, ':') + 9)"
    claim = f"substr({rest}, 1, instr({rest}, '/')) || '{_mark(k)}' || substr({rest}, instr({rest}, '/') + 9)"
    return (
        f"substr({quoted}, 1, instr({quoted}, ':')) || '{_mark(k)}' || "
        f"CASE WHEN {quoted} LIKE 'claim:%' THEN {claim} ELSE {rest} END"
    )


def _mark(k: int) -> str:
    """What the ids of copy k begin with, in hexadecimal digits as all ids are."""
    return f"f0000{k:03}"


# -- measuring ----------------------------------------------------------------------------------------------------


def questions(path: Path, rounds: int) -> dict[str, float]:
    """Milliseconds at the 95th percentile of each command's question, arguments drawn at random."""
    chance = random.Random(3)
    found: dict[str, list[float]] = {}
    places = [p for p in _PLACES if default_gazetteer().lookup(p)]
    with open_ledger(path, readonly=True) as ledger:
        with ledger.engine.connect() as c:
            some = [r["id"] for r in views.events(c, views.EventFilter(disputed=True, limit=400))]
            documents = [
                r[0] for r in c.exec_driver_sql("SELECT document_id FROM origins WHERE parent IS NOT NULL LIMIT 4000")
            ]
        first = LAST - timedelta(days=DAYS - 1)
        asked: dict[str, Callable[[Any], Any]] = {
            "events --disputed": lambda c: views.events(c, views.EventFilter(disputed=True)),
            "events --near": lambda c: views.events(c, views.EventFilter(near=chance.choice(places))),
            "events --disputed --near --since": lambda c: views.events(
                c,
                views.EventFilter(
                    disputed=True,
                    near=chance.choice(places),
                    since=str(first + timedelta(days=chance.randrange(DAYS))),
                ),
            ),
            "events --type": lambda c: views.events(c, views.EventFilter(type="shelling")),
            "event ID": lambda c: _whole_event(c, chance.choice(some)),
            "disputes": lambda c: [
                views.assessed(c, r["id"], "disputed", "denied")
                for r in views.events(c, views.EventFilter(disputed=True, limit=20))
            ],
            "changes": lambda c: list(
                views.links(
                    c,
                    since=str(LAST - timedelta(days=chance.randrange(7))),
                    relations=("denies", "contradicts", "retracts", "supersedes"),
                    limit=50,
                )
            ),
            "dossier NAME": lambda c: _dossier(c, f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}"),
            "origins DOCUMENT": lambda c: views.ancestry(c, chance.choice(documents)),
            "timeline": lambda c: views.events(c, views.EventFilter(since=str(first), limit=200)),
        }
        for name, ask in asked.items():
            for _ in range(rounds):
                with ledger.engine.connect() as c:
                    start = time.perf_counter()
                    ask(c)
                    found.setdefault(name, []).append(1000 * (time.perf_counter() - start))
        for _ in range(rounds):
            start = time.perf_counter()
            list(ledger.claims(ClaimFilter(stance="denies", limit=40)))
            found.setdefault("claims --stance", []).append(1000 * (time.perf_counter() - start))
    return {name: round(sorted(times)[int(0.95 * (len(times) - 1))], 1) for name, times in found.items()}


def _whole_event(connection: Any, event: str) -> None:
    row = views.event(connection, event)
    views.assessed(connection, row["id"])
    list(views.links(connection, row["id"]))
    views.members(connection, row["id"])


def _dossier(connection: Any, name: str) -> None:
    from sayso.errors import LedgerError
    from sayso.export.dossier import dossier

    try:
        dossier(connection, name)
    except LedgerError:
        return


def command_seconds(path: Path) -> float:
    """The whole of `sayso events --disputed` as a process, the median of five, in seconds."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "sayso", "events", "--disputed", "--ledger", str(path)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        times.append(time.perf_counter() - start)
    return round(sorted(times)[2], 3)


def batch_seconds(path: Path) -> dict[str, float]:
    """Seconds to link and to weigh the batch that is already read into the ledger, and the peak of memory, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_batch, path).result()


def _batch(path: Path) -> dict[str, float]:
    with open_ledger(path) as ledger:
        start = time.perf_counter()
        links = sum(1 for _ in link(ledger))
        middle = time.perf_counter()
        weighed = sum(1 for _ in weigh(ledger))
        end = time.perf_counter()
    return {
        "link_seconds": round(middle - start, 2),
        "weigh_seconds": round(end - middle, 2),
        "links": links,
        "weighed": weighed,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument(
        "--folder", type=Path, required=True, help="where the ledgers are written (about 15 kB a document)"
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument(
        "--base", type=int, default=BASE, help=f"reports that are read and linked; {BASE // DAYS} a day"
    )
    parser.add_argument("--only-make", action="store_true", help="make the ledgers, measure nothing")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    small = options.folder / "base.db"
    first = LAST - timedelta(days=options.base * DAYS // BASE - 1)

    def tell(line: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)

    if not small.exists():
        add(small, reports(options.base, first, options.base * DAYS // BASE, 1), "base.jsonl")
        tell("base read")
        with open_ledger(small) as ledger:
            link_and_weigh(ledger)
        tell("base linked")
    if options.only_make:
        for size in options.documents:
            grow(_copied(small, options.folder / f"{size}.db"), size, tell, options.base)
        return 0
    result: dict[str, Any] = {}
    for size in [options.base, *options.documents]:
        path = _copied(small, options.folder / f"{size}.db")
        if size > options.base:
            grow(path, size, tell, options.base)
        with open_ledger(path, readonly=True) as ledger:
            counts = ledger.counts()
        found: dict[str, Any] = {
            "documents": counts["documents"],
            "claims": counts["claims"],
            "bytes": path.stat().st_size,
        }
        found["p95_ms"] = questions(path, options.rounds)
        found["command_seconds"] = command_seconds(path)
        add(path, reports(BATCH, first, options.base * DAYS // BASE, 2), "batch.jsonl")
        found |= batch_seconds(path)
        result[str(size)] = found
        tell(json.dumps(found))
        _record(result)
        if size > options.base:
            path.unlink()
    base = result[str(options.base)]
    for size, found in result.items():
        found["batch_cost_over_base"] = round(
            (found["link_seconds"] + found["weigh_seconds"]) / (base["link_seconds"] + base["weigh_seconds"]), 2
        )
        tell(
            f"{size}: batch {found['batch_cost_over_base']}, slowest question {max(found['p95_ms'].values())} ms, peak {found['peak_mb']} MB"
        )
    _record(result)
    return 0


def _copied(ledger: Path, target: Path) -> Path:
    """A copy of a ledger that nobody writes, in place of what is there."""
    for side in ("", "-wal", "-shm"):
        Path(str(target) + side).unlink(missing_ok=True)
    shutil.copy(ledger, target)
    return target


def _record(result: dict[str, Any]) -> None:
    """Flat figures, as the other benchmarks write them: `scale.1000000.batch_cost_over_base`."""
    flat: dict[str, float] = {}
    for size, found in result.items():
        for key, value in found.items():
            if isinstance(value, dict):
                flat |= {f"scale.{size}.{key}.{name}": v for name, v in value.items()}
            else:
                flat[f"scale.{size}.{key}"] = value
    record("scale", flat)


if __name__ == "__main__":
    sys.exit(main())
