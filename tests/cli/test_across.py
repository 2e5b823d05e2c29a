"""The commands across documents as a person would run them: what they print, what they change, how they fail."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from sayso.export import FORMATS, SUBJECTS, fits
from tests.cli.test_commands import run
from tests.conftest import EXAMPLES


@pytest.fixture(scope="module")
def raid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, read by the rules reader and linked; never changed."""
    path = tmp_path_factory.mktemp("across") / "raid.db"
    done = run("add", EXAMPLES, "--ledger", path, "--reader", "rules")
    assert done.returncode == 0 and "9 new" in done.stdout and "fields weighed" in done.stdout
    return path


@pytest.fixture
def own(raid: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    copy = tmp_path / "own.db"
    assert run("ledger", "backup", copy, "--ledger", raid).returncode == 0
    return copy


def lines(*arguments: str | Path) -> list[dict[str, Any]]:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def exported(ledger: Path, what: str) -> list[dict[str, Any]]:
    return lines("export", what, "--ledger", ledger, "--format", "jsonl")


def attack(ledger: Path) -> dict[str, Any]:
    """The raid itself: what most documents tell."""
    return max(lines("events", "--ledger", ledger, "--format", "jsonl"), key=lambda e: e["documents"])


def fails(done: Any, code: int, *expected: str) -> None:
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    for words in expected:
        assert words in done.stderr, (words, done.stderr)


# -- looking ------------------------------------------------------------------------------------------------------


def test_events_are_listed_and_filtered(raid: Path) -> None:
    done = run("events", "--ledger", raid)
    rows = lines("events", "--ledger", raid, "--format", "jsonl")
    assert done.returncode == 0 and f"{len(rows)} events" in done.stdout
    assert all(r["id"][:10] in done.stdout for r in rows)
    event = attack(raid)
    assert event["documents"] >= 8 and event["disputed"] and event["place"] in {"Grayvoron", "Belgorod"}
    for conditions in (
        ("--near", "Grayvoron"), ("--near", "Russia"), ("--disputed",), ("--shared",), ("--type", event["type"]),
        ("--since", "2023-05-22", "--until", "2023-05-22"), ("--document", "7-revision.txt"), ("--near", "Kursk", "--km", "500"),
    ):  # fmt: skip
        found = lines("events", "--ledger", raid, "--format", "jsonl", *conditions)
        assert event["id"] in {r["id"] for r in found}, conditions
        assert {r["id"] for r in found} <= {r["id"] for r in rows}
    for conditions in (("--near", "Lisbon"), ("--until", "2020-01-01"), ("--since", "2030-01-01"), ("--type", "flood")):
        if conditions[0] == "--type" and "not known" in run("events", "--ledger", raid, *conditions).stderr:
            continue
        assert lines("events", "--ledger", raid, "--format", "jsonl", *conditions) == [], conditions
    assert "0 events; try fewer conditions" in run("events", "--ledger", raid, "--near", "Lisbon").stdout


def test_one_event_with_all_that_is_said_of_it(raid: Path) -> None:
    event = attack(raid)
    done = run("event", event["id"][:8], "--ledger", raid)
    assert done.returncode == 0 and event["id"] in done.stdout
    for words in (
        "happened?",
        "who did it",
        "disputed",
        "How the claims relate",
        "denies",
        "Told by",
        "1-wire.txt",
        "(proposed)",
    ):
        assert words in done.stdout, words
    for speaker in ("Vyacheslav Gladkov", "Mykhailo Podolyak", "Andriy Yusov"):
        assert speaker in done.stdout
    brief = run("event", event["id"], "--ledger", raid, "--brief")
    assert brief.returncode == 0 and len(brief.stdout) < len(done.stdout)
    (record,) = lines("event", event["id"], "--ledger", raid, "--format", "jsonl")
    assert record == next(r for r in exported(raid, "events") if r["id"] == event["id"])


def test_disputes_and_changes(raid: Path) -> None:
    disputes = run("disputes", "--ledger", raid)
    assert disputes.returncode == 0 and attack(raid)["id"][:10] in disputes.stdout and "✗" in disputes.stdout
    assert "corroborated" not in disputes.stdout
    assert "nothing is disputed" in run("disputes", "--ledger", raid, "--near", "Lisbon").stdout
    changes = run("changes", "--ledger", raid)
    assert (
        changes.returncode == 0 and "supersedes" in changes.stdout and "thirteen people were wounded" in changes.stdout
    )
    assert "confirms" not in changes.stdout and "repeats" not in changes.stdout
    dates = [line[:10] for line in changes.stdout.splitlines() if line.startswith("2023-")]
    assert dates and dates == sorted(dates, reverse=True)
    assert "nothing changed since 2030-01-01" in run("changes", "--ledger", raid, "--since", "2030-01-01").stdout


def test_the_timeline_goes_forward(raid: Path) -> None:
    done = run("timeline", "--ledger", raid)
    days = [line for line in done.stdout.splitlines() if line and not line.startswith(" ")]
    assert done.returncode == 0 and "2023-05-22" in days
    dated = [d for d in days if d != "undated"]
    assert dated == sorted(set(dated)) and days[len(dated) :] in ([], ["undated"])
    assert "no event fits" in run("timeline", "--ledger", raid, "--near", "Lisbon").stdout


def test_a_dossier_and_where_it_comes_from(raid: Path) -> None:
    done = run("dossier", "Freedom", "of", "Russia", "Legion", "--ledger", raid)
    assert done.returncode == 0 and "Freedom of Russia Legion" in done.stdout and "organisation" in done.stdout
    (found,) = lines("dossier", "Freedom of Russia Legion", "--ledger", raid, "--format", "jsonl")
    assert found["type"] == "organisation" and found["documents"] >= 4 and found["deeds"] and found["said"]
    texts = {d["id"]: d for d in exported(raid, "documents")}
    assert all(c["document"] in texts and c["words"] for c in found["deeds"])
    (person,) = lines("dossier", "Gladkov", "--type", "person", "--ledger", raid, "--format", "jsonl")
    assert person["type"] == "person" and any("wounded" in s["text"] for s in person["said"])


def test_origins_of_a_reprint_and_of_its_source(raid: Path) -> None:
    done = run("origins", "2-reprint.html", "--ledger", raid)
    assert done.returncode == 0 and "copied from 1-wire.txt" in done.stdout and "credits Reuters" in done.stdout
    passages = run("origins", "2-reprint.html", "--ledger", raid, "--passages")
    assert passages.stdout.count("Armed men crossed") == 2
    source = run("origins", "1-wire.txt", "--ledger", raid).stdout
    assert "2-reprint.html" in source and "9-brief.txt" in source and "copied from" not in source
    assert "translated from" in " ".join(run("origins", "6-translated.txt", "--ledger", raid).stdout.split())


# -- names --------------------------------------------------------------------------------------------------------


def test_two_names_are_compared() -> None:
    assert run("compare", "Kyiv", "Kiev", "--type", "place").stdout.startswith("same")
    assert run("compare", "Vyacheslav Gladkov", "Viacheslav Gladkov", "--type", "person").stdout.startswith("same")
    other = run("compare", "Andriy Yusov", "Dmitry Peskov", "--type", "person")
    assert other.returncode == 0 and other.stdout.startswith("different") and len(other.stdout.splitlines()) > 1


def test_a_file_of_names_is_compared_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "names.tsv"
    file.write_text("# ours\ttheirs\nKyiv\tKiev\tplace\n\nAndriy Yusov\tDmitry Peskov\tperson\n", encoding="utf-8")
    rows = lines("compare", "--file", file)
    assert [(r["left"], r["right"], r["verdict"]) for r in rows] == [
        ("Kyiv", "Kiev", "same"), ("Andriy Yusov", "Dmitry Peskov", "different"),
    ]  # fmt: skip
    assert all(0 <= r["score"] <= 1 and r["reasons"] for r in rows)
    file.write_text("Kyiv\tKiev\nLviv\tLwów\n", encoding="utf-8")
    assert [r["type"] for r in lines("compare", "--file", file, "--type", "place")] == ["place", "place"]
    fails(run("compare", "--file", file), 1, "line 1", "name, name and type are expected")
    fails(run("compare", "A", "B", "--file", file), 2, "not both")


FTM = {
    "id": "Q-nutmeg", "schema": "Organization",
    "properties": {"name": ["Nutmeg Brigade"], "alias": ["Muskatnuss-Brigade"], "country": ["xk"]},
}  # fmt: skip
WIKIDATA = {
    "entities": {
        "Q9999991": {
            "id": "Q9999991",
            "labels": {
                "en": {"language": "en", "value": "Cinnamon Column"},
                "de": {"language": "de", "value": "Zimtkolonne"},
            },
            "aliases": {"en": [{"language": "en", "value": "Tenth Cinnamon Column"}]},
            "claims": {},
        }
    }
}
CSV = "id,name,aliases,kind,countries\nclove,Clove Company,Nelkenkompanie | C. Company,armed_group,RU;UA\n"


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path, Path]:
    ftm, wikidata, table = tmp_path / "a.ftm.json", tmp_path / "b.json", tmp_path / "c.csv"
    ftm.write_text(json.dumps(FTM) + "\n" + json.dumps({"id": "x", "schema": "Address", "properties": {}}) + "\n")
    wikidata.write_text(json.dumps(WIKIDATA, ensure_ascii=False), encoding="utf-8")
    table.write_text(CSV)
    return ftm, wikidata, table


def test_own_lists_join_the_registry(own: Path, lists: tuple[Path, Path, Path]) -> None:
    done = run("registry", "add", *lists, "--ledger", own)
    assert (
        done.returncode == 0 and "3 actors read, 3 of your own" in done.stdout and "sayso link --again" in done.stdout
    )
    assert "3 of your own" in run("registry", "add", *lists, "--ledger", own).stdout
    assert run("link", "--again", "--quiet", "--ledger", own).returncode == 0
    for one, other in (
        ("Nutmeg Brigade", "Muskatnuss-Brigade"),
        ("Cinnamon Column", "Zimtkolonne"),
        ("Clove Company", "Nelkenkompanie"),
    ):
        without = run("compare", one, other, "--type", "organisation")
        with_ = run("compare", one, other, "--type", "organisation", *(a for p in lists for a in ("--registry", p)))
        assert not without.stdout.startswith("same") and with_.stdout.startswith("same"), one


def test_the_registry_answers(own: Path) -> None:
    done = run("registry", "find", "FSB")
    assert done.returncode == 0 and "Federal Security Service" in done.stdout and "(RU)" in done.stdout
    assert "nobody is called 'Nutmeg Brigade'" in run("registry", "find", "Nutmeg", "Brigade").stdout


def test_lists_that_are_none_are_told(own: Path, tmp_path: Path) -> None:
    for name, text, expected in (
        ("x.csv", "who,what\na,b\n", "no column is called “name”"),
        ("y.csv", "name,kind\n,person\n", "line 2: the name is empty"),
        ("z.json", "not json", "neither CSV, FollowTheMoney JSON Lines nor Wikidata JSON"),
        ("w.json", '{"foo": 1}\n', "not a FollowTheMoney entity"),
    ):
        file = tmp_path / name
        file.write_text(text)
        fails(run("registry", "add", file, "--ledger", own), 1, expected, name)


# -- deciding -----------------------------------------------------------------------------------------------------


def _names(ledger: Path, name: str) -> set[str]:
    return next(
        {n["name"] for n in e["names"]} for e in exported(ledger, "entities") if name in {n["name"] for n in e["names"]}
    )


def test_names_are_judged_listed_and_undone(own: Path) -> None:
    before = (
        [{k: v for k, v in e.items() if k != "judgements"} for e in exported(own, "entities")],
        exported(own, "events"),
    )
    pair = ("Dmitry Peskov", "Andriy Yusov")
    done = run("judge", "same", *pair, "--ledger", own, "--by", "reviewer", "--note", "a trial")
    assert done.returncode == 0 and "judgement 1: same" in done.stdout and "sayso undo 1" in done.stdout
    assert _names(own, pair[0]) == set(pair)
    listed = run("judgements", "--ledger", own).stdout
    assert all(w in listed for w in ("reviewer", "same", *pair, "a trial")) and "[" not in listed
    assert run("link", "--again", "--quiet", "--ledger", own).returncode == 0 and _names(own, pair[0]) == set(pair)
    assert "judgement 1 is undone" in run("undo", "1", "--ledger", own).stdout
    assert "undone already" in run("undo", "1", "--ledger", own).stdout
    assert "[undone]" in run("judgements", "--ledger", own).stdout
    after = (
        [{k: v for k, v in e.items() if k != "judgements"} for e in exported(own, "entities")],
        exported(own, "events"),
    )
    assert after == before


def test_a_document_is_judged_out_of_an_event(own: Path) -> None:
    event = attack(own)
    done = run("judge", "different", event["id"][:10], "8-witness.txt", "--ledger", own)
    assert done.returncode == 0 and "each other document of event" in done.stdout
    parts = [{m["path"].rsplit("/", 1)[-1] for m in e["members"]} for e in exported(own, "events")]
    assert not any({"1-wire.txt", "8-witness.txt"} <= p for p in parts)
    made = re.search(r"sayso undo (\d+)` takes them all", done.stdout)
    assert (
        made
        and run("undo", made[1], "--ledger", own).returncode == 0
        and attack(own)["documents"] == event["documents"]
    )


def test_a_claim_is_corrected_rejected_and_restored(own: Path) -> None:
    before = exported(own, "events")
    claim = next(
        c for c in exported(own, "claims") if c["field"] == "casualties.injured" and c["words"].startswith("five")
    )

    def injured() -> set[str]:
        return {
            p["value"] for e in exported(own, "events") for p in e["positions"] if p["field"] == "casualties.injured"
        }

    assert "5" in injured() and "6" not in injured()
    assert run("judge", "correct", claim["id"][:10], "6", "--ledger", own).returncode == 0
    assert "6" in injured() and "5" not in injured()
    assert run("undo", "1", "--ledger", own).returncode == 0 and exported(own, "events") == before
    rejected = run("judge", "reject", claim["id"], "--ledger", own)
    assert "“five" in rejected.stdout and "5" not in injured()
    assert run("undo", "2", "--ledger", own).returncode == 0 and exported(own, "events") == before
    assert run("judge", "accept", claim["id"], "--ledger", own).returncode == 0 and exported(own, "events") == before


def test_nothing_is_judged_yet(raid: Path) -> None:
    assert "nothing was judged yet" in run("judgements", "--ledger", raid).stdout


# -- keeping ------------------------------------------------------------------------------------------------------


def test_linking_and_weighing_again_change_nothing(own: Path) -> None:
    before = {what: exported(own, what) for what in SUBJECTS}
    linked = run("link", "--again", "--ledger", own)
    assert linked.returncode == 0 and "links between claims" in linked.stdout
    weighed = run("weigh", "--again", "--ledger", own)
    assert weighed.returncode == 0 and int(weighed.stdout.split()[0]) > 10
    assert run("weigh", "--ledger", own).stdout.startswith("0 fields weighed")
    assert run("link", "--ledger", own).stdout.startswith("0 links between claims")
    assert {what: exported(own, what) for what in SUBJECTS} == before


def test_add_without_linking_leaves_it_to_link(tmp_path: Path, raid: Path) -> None:
    path = tmp_path / "bare.db"
    assert run("add", EXAMPLES, "--ledger", path, "--reader", "rules", "--no-link", "--quiet").returncode == 0
    assert lines("events", "--ledger", path, "--format", "jsonl") == []
    fails(run("origins", "2-reprint.html", "--ledger", path), 1, "not linked yet", "sayso link")
    assert run("link", "--quiet", "--ledger", path).returncode == 0
    assert exported(path, "links") == exported(raid, "links")


def test_a_document_is_removed(own: Path) -> None:
    asked = run("remove", "7-revision.txt", "--ledger", own, stdin=b"n\n")
    assert asked.returncode != 0 and "Traceback" not in asked.stderr and len(exported(own, "documents")) == 9
    done = run("remove", "7-revision.txt", "--ledger", own, "--yes")
    assert done.returncode == 0 and "7-revision.txt is removed" in done.stdout
    assert "7-revision.txt" not in json.dumps([exported(own, what) for what in SUBJECTS])
    assert "thirteen" not in run("event", attack(own)["id"], "--ledger", own).stdout
    assert run("ledger", "verify", "--ledger", own).returncode == 0
    fails(run("remove", "7-revision.txt", "--ledger", own, "--yes"), 1, "no document '7-revision.txt'", "sayso search")


# -- exports ------------------------------------------------------------------------------------------------------


# nothing is corrected in the examples, and other tools' formats are read by those tools: see tests/export
_PLAIN = [(what, form) for what in SUBJECTS for form in ("csv", "jsonl", "parquet", "geojson") if fits(what, form)]


@pytest.mark.parametrize(("what", "form"), [(w, f) for w, f in _PLAIN if w != "corrections"])
def test_every_subject_in_every_plain_format(raid: Path, tmp_path: Path, what: str, form: str) -> None:
    out = tmp_path / f"x.{form}"
    done = run("export", what, "--ledger", raid, "--format", form, "--out", out)
    assert done.returncode == 0, done.stderr
    known = exported(raid, what)
    assert known and [p.name for p in tmp_path.iterdir()] == [out.name]
    if form == "jsonl":
        assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == known
    elif form == "csv":
        rows = list(csv.reader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline="")))
        assert rows[0] == list(known[0]) and len(rows) == len(known) + 1
        assert {len(row) for row in rows} == {len(rows[0])}
    elif form == "parquet":
        import pyarrow.parquet as pq

        table = pq.read_table(out)
        assert table.column_names == list(known[0]) and table.num_rows == len(known)
    else:
        features = json.loads(out.read_bytes())["features"]
        placed = {r["id"] for r in known if r["place"] and r["place"]["lat"] is not None}
        assert {f["id"] for f in features} == placed
        assert all(len(f["geometry"]["coordinates"]) == 2 for f in features)
        if len(placed) < len(known):
            assert f"{len(known) - len(placed)} events without a place were left out" in done.stderr


def test_links_and_events_of_an_export_lead_to_exact_words(raid: Path) -> None:
    words = {(c["document_id"], c["start"], c["end"]): c["words"] for c in exported(raid, "claims")}
    for event in exported(raid, "events"):
        for holder in (h for p in event["positions"] for h in (*p["holders"], *p["deniers"])):
            assert words[(holder["document"], holder["start"], holder["end"])] == holder["text"]


# -- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("event", "zzzz"), 1, ("no event 'zzzz'", "sayso events")),
        (("events", "--type", "atack"), 2, ("'atack' is not known", "did you mean attack")),
        (("events", "--near", "Xyzzyville"), 2, ("--near 'Xyzzyville'", "try the next larger town")),
        (("disputes", "--near", "Xyzzyville"), 2, ("--near 'Xyzzyville'", "try the next larger town")),
        (("timeline", "--near", "Xyzzyville"), 2, ("--near 'Xyzzyville'", "try the next larger town")),
        (("events", "--since", "2023-06-01", "--until", "2023-05-01"), 2, ("2023-06-01 is after --until 2023-05-01",)),
        (("events", "--since", "May"), 2, ("'May' is no date", "2023-05-22")),
        (("events", "--document", "none.txt"), 1, ("no document 'none.txt'", "sayso search")),
        (("dossier", "Xyzzyville"), 1, ("no document names 'Xyzzyville'", "sayso search")),
        (("origins", "none.txt"), 1, ("no document 'none.txt'", "sayso search")),
        (("judge", "same", "Kyiv"), 2, ("`judge same` needs two", "sayso judge same A B")),
        (("judge", "different", "Kyiv"), 2, ("`judge different` needs two",)),
        (("judge", "correct", "abc"), 2, ("needs the value", "sayso judge correct CLAIM VALUE")),
        (("judge", "same", "Gladkov", "Xyzzyville"), 1, ("no name 'Xyzzyville'",)),
        (("judge", "same", "Gladkov", "Grayvoron"), 1, ("of different types", "person", "place")),
        (("judge", "same", "Vyacheslav Gladkov", "VYACHESLAV GLADKOV"), 1, ("one name already",)),
        (("judge", "accept", "zzzz"), 1, ("no claim 'zzzz'", "sayso claims")),
        (("undo", "99"), 1, ("no judgement 99", "sayso judgements")),
        (
            ("export", "documents", "--format", "geojson"),
            2,
            ("geojson holds events, not documents", "export documents as csv, jsonl or parquet"),
        ),
        (("export", "nothing"), 2, ("'nothing' is not one of", "claims")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) and value[0] != value[-1] else None,
)
def test_errors_name_the_thing_and_the_remedy(
    raid: Path, arguments: tuple[str, ...], code: int, expected: tuple[str, ...]
) -> None:
    before = raid.read_bytes()
    fails(run(*arguments, "--ledger", raid), code, *expected)
    assert raid.read_bytes() == before


def test_compare_asks_for_what_is_missing() -> None:
    fails(run("compare", "Kyiv", "Kiev"), 2, "say what they are names of: --type")
    fails(run("compare", "Kyiv"), 2, "two names are needed")
    fails(run("compare", "?!", "Kyiv", "--type", "place"), 2, "'?!' is no name")


@pytest.mark.parametrize(
    "arguments",
    [
        ("events",), ("event", "abcd"), ("disputes",), ("changes",), ("timeline",), ("dossier", "x"), ("origins", "x"),
        ("judge", "same", "a", "b"), ("judgements",), ("undo", "1"), ("link",), ("weigh",), ("remove", "x", "--yes"), ("export", "events"),
    ],
    ids=lambda a: a[0],
)  # fmt: skip
def test_a_ledger_that_is_not_there_is_told_and_not_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    fails(run(*arguments, "--ledger", tmp_path / "none.db"), 1, "there is no ledger at", "sayso add")
    assert list(tmp_path.iterdir()) == []


def test_the_terminals_width_does_not_matter(raid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    event = attack(raid)["id"]
    for columns in ("20", "60", "300"):
        monkeypatch.setenv("COLUMNS", columns)
        for arguments in (
            ("events",),
            ("event", event),
            ("disputes",),
            ("changes",),
            ("timeline",),
            ("dossier", "Gladkov"),
            ("origins", "2-reprint.html"),
        ):
            done = run(*arguments, "--ledger", raid)
            assert done.returncode == 0 and done.stdout.strip(), (columns, arguments, done.stderr)


def test_a_read_only_view_needs_no_right_to_write(raid: Path, tmp_path: Path) -> None:
    copy = tmp_path / "view.db"
    shutil.copy(raid, copy)
    copy.chmod(0o444)
    assert lines("events", "--ledger", copy, "--format", "jsonl") == lines(
        "events", "--ledger", raid, "--format", "jsonl"
    )


def test_every_other_format_is_written(raid: Path, tmp_path: Path) -> None:
    for form in sorted(set(FORMATS) - {"csv", "jsonl", "parquet", "geojson"}):
        what = next(w for w in SUBJECTS if fits(w, form) and w != "corrections")
        out, losses = tmp_path / f"x.{form}", tmp_path / f"{form}.json"
        done = run("export", what, "--ledger", raid, "--format", form, "--out", out, "--losses", losses)
        if "pip install" in done.stderr:
            pytest.importorskip("followthemoney")
        assert done.returncode == 0 and out.stat().st_size > 100, done.stderr
        assert json.loads(losses.read_text("utf-8"))["rows"] > 0


def test_a_whole_ledger_is_exported_and_imported(raid: Path, tmp_path: Path) -> None:
    archive, again = tmp_path / "raid.zip", tmp_path / "again.db"
    assert run("export", "ledger", "--ledger", raid, "--format", "archive", "--out", archive).returncode == 0
    assert run("import", archive, "--ledger", again).returncode == 0
    for what in ("claims", "events", "entities", "links", "origins"):
        assert exported(again, what) == exported(raid, what)
    folder = tmp_path / "tables"
    assert run("export", "ledger", "--ledger", raid, "--format", "dataset", "--out", folder).returncode == 0
    assert list(folder.glob("claims/*/*.parquet"))


def test_exports_that_cannot_be(raid: Path, tmp_path: Path) -> None:
    fails(
        run("export", "claims", "--ledger", raid, "--format", "stix"), 2, "stix holds ledger, not claims", "csv, jsonl"
    )
    fails(run("export", "ledger", "--ledger", raid, "--format", "archive"), 2, "--out FILE.zip")
    fails(run("export", "claims", "--ledger", raid, "--out", tmp_path), 2, "is a folder")
    assert list(tmp_path.iterdir()) == []
