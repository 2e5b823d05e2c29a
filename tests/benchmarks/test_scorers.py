"""The scorers: gold against itself is 100, and a hand-worked case gives what a hand gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.polnear import Triple

from benchmarks import muc, places, polnear, spans, times


def test_polnear_by_hand(tmp_path: Path) -> None:
    text = "The mayor said it fell. He left."
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a_1.txt").write_text(text)
    annotation = "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 17;18 22\tit fell\nno tab here\nE1\tAttribution:T2 Source:T1 Cue:T2 Content:T3\n"
    (tmp_path / "attributions" / "a_1_second.ann").write_text("E9\tSource:T1\n")
    (tmp_path / "attributions" / "a_1_first.ann").write_text(annotation)
    ((found, triples),) = polnear.gold(tmp_path)
    assert found == text and triples == [Triple([(0, 9)], [(10, 14)], [(15, 17), (18, 22)])]
    assert polnear.whole_counts(triples, triples).f1 == 100
    guess = [Triple([(4, 9)], [(10, 14)], [(15, 17)]), Triple([], [(27, 31)], [(24, 26)])]
    counts = polnear.token_counts(text, triples, guess)
    assert (counts["source"].right, counts["source"].gold, counts["source"].predicted) == (1, 2, 1)
    assert (counts["content"].right, counts["content"].gold, counts["content"].predicted) == (1, 2, 2)
    assert polnear.whole_counts(triples, guess).right == 0  # Jaccard 2/6
    assert polnear.whole_counts(triples, [Triple([(4, 9)], [(10, 14)], [(15, 20)])]).right == 1  # 4 of 7


def _template(kind: str, **slots: list[list[str]]) -> dict[str, object]:
    return {"incident_type": kind, **{s: slots.get(s, []) for s in muc.SLOTS}}


def test_muc_templates_by_hand() -> None:
    gold = [
        _template("bombing", Weapon=[["a bomb", "bomb"]], Target=[["bank"]]),
        _template("attack", Victim=[["garcia"]]),
    ]
    assert muc.template_counts(gold, gold).f1 == 100
    guess = [_template("bombing", Weapon=[["The BOMB"]], Target=[["the house"]]), _template("arson", Target=[["bank"]])]
    counts = muc.template_counts(gold, guess)
    assert (counts.right, counts.gold, counts.predicted) == (2, 5, 5)  # type and weapon; arson aligns with nothing
    attack_in_gold = [_template("attack / bombing", Target=[["bank"]])]
    assert muc.template_counts(attack_in_gold, [_template("bombing", Target=[["bank"]])]).f1 == 100
    assert muc.normal('"The" Bank, of  a Town!') == "bank of town"


RAW = """0.  MESSAGE: ID                     TST1-MUC3-0001
1.  MESSAGE: TEMPLATE               1
2.  INCIDENT: DATE                  02 FEB 90
3.  INCIDENT: LOCATION              VALLEY: OLD MILL (FARM)
11. PERP: ORGANIZATION CONFIDENCE   REPORTED AS FACT / CLAIMED OR ADMITTED: "RIVER UNITY" / "RU"
                                    ? POSSIBLE: "ARMY"
                                    SUSPECTED OR ACCUSED BY AUTHORITIES: "HILL FRONT"
23. HUM TGT: EFFECT OF INCIDENT     NO INJURY: "RUIZ"
                                    DEATH: "CIVILIAN"

"""


def test_muc_responsibility_by_hand(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(RAW)
    keys = muc.raw_keys(tmp_path / "key")["TST1-MUC3-0001"]
    gold = muc.gold_responsibility(keys)
    assert gold == [
        ({"river unity", "ru"}, {"reported_as_fact", "claimed"}),
        ({"hill front"}, {"accused_by_authorities"}),
    ]
    counts = muc.responsibility_counts(gold, {("ru", "claimed"), ("hill front", "accused"), ("army", "possible")})
    assert (counts.right, counts.gold, counts.predicted) == (1, 2, 3)


def test_spans_by_hand(tmp_path: Path) -> None:
    (tmp_path / "x.conll").write_text(
        "The\tB-Person\nman\tI-Person\nleft\tO\nKyiv\tB-Location\n.\tO\n\nHe\tB-Person\nran\tO\n"
    )
    (first, gold), (second, _) = spans.sentences(tmp_path / "x.conll")
    assert (first, second) == ("The man left Kyiv .", "He ran")
    assert gold == {(0, 7, "Person"), (13, 17, "Location")} and spans.span_counts(gold, gold).f1 == 100
    assert spans.span_counts(gold, {(0, 7, "Person"), (4, 7, "Person")}).right == 1
    assert spans.outermost({(0, 7, "Person"), (4, 7, "Person")}) == {(0, 7, "Person")}


def test_places_by_hand() -> None:
    gold = [places.Toponym(0, 4, 50.45, 30.52), places.Toponym(10, 14, 0, 0)]
    assert places.kilometres((50.45, 30.52), (48.85, 2.35)) == pytest.approx(2023, abs=15)
    tagged, near = places.place_counts(
        gold, [places.Toponym(0, 6, 50.0, 30.0), places.Toponym(12, 14, 48.0, 2.0), places.Toponym(20, 22, 0, 0)]
    )
    assert (tagged.right, tagged.gold, tagged.predicted, near.right) == (2, 2, 3, 1)


def test_times_by_hand() -> None:
    text, gold = times._strip(
        'On <TIMEX3 tid="t1" value="1942">1942</TIMEX3> &amp; <TIMEX3 value="P2D">two days</TIMEX3>.'
    )
    assert text == "On 1942 & two days." and gold == [(3, 7, "1942"), (10, 18, "P2D")]
    strict, value = times.time_counts(gold, [(3, 7, "1943"), (9, 18, "P2D")])
    assert (strict.right, value.right, strict.gold, strict.predicted) == (1, 1, 2, 2)


@pytest.mark.parametrize("name", ["polnear", "muc", "places", "spans", "times"])
def test_missing_data_is_named(name: str, tmp_path: Path, rules) -> None:
    from benchmarks.reading import MissingData

    from benchmarks import muc, places, polnear, spans, times

    module = {
        "polnear": polnear.run,
        "muc": muc.run,
        "places": places.run,
        "spans": spans.run_re3d,
        "times": times.run,
    }[name]
    with pytest.raises(MissingData, match="--data"):
        module(tmp_path, rules)
