"""Thresholds and calibration, chosen on dev and written into the weights' card.

Every threshold is found by going through the values of a short list, one threshold after the other, twice. Calibration
is logistic regression on log odds (Platt); its expected calibration error is measured on the half it was not fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.counts import Counts
from scipy.optimize import minimize

from benchmarks import muc, polnear, spans
from sayso.ingest import load_text
from sayso.read.compact import labels
from sayso.read.compact.attributions import Thresholds, drafts_from
from sayso.read.compact.calibration import Calibration, log_odds
from sayso.read.compact.coding import event_features, surest
from sayso.read.compact.incidents import Gathering, Known, Told, gather
from sayso.read.compact.reader import CompactReader
from sayso.read.compact.sight import Sight, runs
from sayso.read.conductor import Scene
from sayso.read.incidents import Incident, find_incidents
from sayso.read.origins import find_provenance
from sayso.read.page import Page, make_page
from sayso.read.scene import Cast
from sayso.settings import Settings
from training.card import write_card

Look = tuple[Page, Sight]
Report = tuple[Scene, Sight, Known]
_NO_CALIBRATION = Calibration((0.0, 0.0, 0.0), 0.0)


def tune(data: Path, folder: Path, version: str, tasks: list[str]) -> None:
    """Write card.json of the graphs in `folder`."""
    write_card(folder, version, tasks)
    reader = CompactReader(Settings(weights=folder))
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    thresholds, calibration, measured = card["thresholds"], card["calibration"], {}

    articles = [(triples, _look(reader, text)) for text, triples in polnear.gold(data / "polnear" / "dev")]
    _climb(thresholds, _ATTRIBUTION, lambda: _attributions(articles, thresholds))
    calibration["attribution"], measured["attribution"] = _calibrate(_attribution_pairs(articles, thresholds))

    sentences = [(want, _look(reader, text)) for text, want in spans.sentences(data / "re3d" / "dev.conll")]
    _climb(thresholds, {"mention_bias": (0.4, 0.6, 0.8, 1.0, 1.5, 2.0)}, lambda: _mentions(sentences, thresholds))

    events = [
        (want, _look(reader, text))
        for number, (text, want) in enumerate(spans.sentences(data / "cameo" / "ner_train.conll"))
        if spans.held_out(number)
    ]
    _climb(thresholds, {"party_bias": (0.4, 0.6, 0.8, 1.0, 1.5, 2.0)}, lambda: _parties(events, thresholds))
    calibration["party"], measured["party"] = _calibrate(_party_pairs(events, thresholds))

    texts = {i: t for f in ("tst1/tst1-muc3", "tst2/tst2-muc4") for i, t in muc.raw_texts(data / "muc4" / f)}
    listener = Listener(Settings(weights=folder))
    reports = [
        (want, listener.hear(texts[name])) for name, _, want in muc.gold_templates(data / "muc4/processed/dev.jsonl")
    ]
    _climb(thresholds, _GATHERING, lambda: _templates(reports, thresholds))
    calibration["event"], measured["event"] = _calibrate(_event_pairs(reports, thresholds))

    write_card(
        folder, version, tasks, {"thresholds": thresholds, "calibration": calibration, "calibration_error": measured}
    )
    print(json.dumps({"thresholds": thresholds, "calibration_error": measured}, indent=1))


class Listener(CompactReader):
    """Reads as ever, and keeps what `gather` is given."""

    def hear(self, text: str) -> Report:
        self.read(load_text(text, Settings()))
        return self.heard

    def incidents(self, scene: Scene, sight: Sight, cast: Cast) -> list[Incident]:
        written = find_incidents(scene.page, cast.index, scene.skip)
        self.heard = (scene, sight, self.known(scene, sight, cast, written))
        return super().incidents(scene, sight, cast)


_ATTRIBUTION = {"cue": (0.3, 0.4, 0.5, 0.6), "source": (0.3, 0.4, 0.5, 0.6), "content": (0.35, 0.45, 0.5, 0.6)}
_GATHERING = {
    **{f"filler.{role}": (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5) for role in labels.ROLES},
    "same_filler": (0.3, 0.4, 0.5, 0.6),
    "together": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    "shared": (0.5, 0.6, 0.7, 0.8, 0.9),
    "told": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
    "bare": (0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "single": (0.0, 0.1, 0.2, 0.3, 0.5),
}


def _look(reader: CompactReader, text: str) -> Look:
    document = load_text(text, Settings())
    provenance = find_provenance(document.text)
    page = make_page(document, reader.ontology, reader.tagger, (end for _, end in provenance.skip))
    return page, reader.network.look(page.tokens)


def _climb(values: dict[str, float], choices: dict[str, Iterable[float]], score: Callable[[], float]) -> None:
    """Set each value to the best of its choices, twice over; ties go to the one there before."""
    for _ in range(2):
        for name, options in choices.items():
            best, kept = score(), values[name]
            for option in options:
                values[name] = option
                found = score()
                if found > best + 1e-9:
                    best, kept = found, option
            values[name] = kept


def _triples(look: Look, thresholds: dict[str, float]) -> list[polnear.Triple]:
    page, sight = look
    return [_triple(page, d) for d in drafts_from(page, sight, Thresholds.of(thresholds), _NO_CALIBRATION)]


def _triple(page: Page, draft: Any) -> polnear.Triple:
    def characters(first: int, last: int) -> tuple[int, int]:
        return page.tokens.start[first], page.tokens.end[last - 1]

    return polnear.Triple(
        [characters(draft.source.first, draft.source.last)] if draft.source else [],
        [characters(draft.hit.group, draft.hit.last)] if draft.hit else [],
        [characters(a, b) for a, b in draft.content],
    )


def _attributions(articles: list[tuple[list[polnear.Triple], Look]], thresholds: dict[str, float]) -> float:
    """Whole attributions, and a third of the token figures: what the table asks for in the proportion of its lines."""
    totals = {kind: Counts() for kind in ("source", "cue", "content", "whole")}
    for wanted, look in articles:
        got = _triples(look, thresholds)
        found = polnear.token_counts(look[0].tokens.text, wanted, got)
        for kind, c in {**found, "whole": polnear.whole_counts(wanted, got)}.items():
            totals[kind].add(c.right, c.gold, c.predicted)
    return totals["whole"].f1 + sum(totals[k].f1 for k in ("source", "cue", "content")) / 3


def _attribution_pairs(articles: list[tuple[list[polnear.Triple], Look]], thresholds: dict[str, float]) -> Any:
    rows, right = [], []
    for wanted, (page, sight) in articles:
        for draft in drafts_from(page, sight, Thresholds.of(thresholds), _NO_CALIBRATION):
            rows.append(list(draft.features))
            right.append(any(polnear.whole_counts([w], [_triple(page, draft)]).right for w in wanted))
    return rows, right


def _mentions(sentences: list[tuple[spans.Spans, Look]], thresholds: dict[str, float]) -> float:
    total = Counts()
    for wanted, (page, sight) in sentences:
        got = {
            (page.tokens.start[a], page.tokens.end[b - 1], labels.MENTIONS[k])
            for a, b, k, _ in runs(sight.tags["mention"], thresholds["mention_bias"])
        }
        total.add(len(wanted & got), len(wanted), len(got))
    return float(total.f1)


def _party_spans(look: Look, bias: float) -> list[tuple[tuple[int, int, str], float]]:
    page, sight = look
    return [
        ((page.tokens.start[a], page.tokens.end[b - 1], labels.PARTIES[k]), sure)
        for a, b, k, sure in runs(sight.tags["party"], bias)
    ]


def _parties(sentences: list[tuple[spans.Spans, Look]], thresholds: dict[str, float]) -> float:
    total = Counts()
    for wanted, look in sentences:
        got = {span for span, _ in _party_spans(look, thresholds["party_bias"])}
        total.add(len(wanted & got), len(wanted), len(got))
    return float(total.f1)


def _party_pairs(sentences: list[tuple[spans.Spans, Look]], thresholds: dict[str, float]) -> Any:
    """An event told by its parties is right when all of them are."""
    rows, right = [], []
    for wanted, look in sentences:
        got = _party_spans(look, thresholds["party_bias"])
        if got:
            rows.append([log_odds(float(np.mean([sure for _, sure in got])))])
            right.append({span for span, _ in got} <= wanted)
    return rows, right


def _template(page: Page, sight: Sight, told: Any) -> muc.Template:
    template: muc.Template = {"incident_type": told.kind, **{slot: [] for slot in muc.SLOTS}}
    for thing in told.things:
        if thing.role in template:
            filler = surest(sight, thing)
            template[thing.role].append([page.tokens.span(filler.first, filler.last).text])
    return template


def _gathered(report: Report, thresholds: dict[str, float]) -> list[Told]:
    scene, sight, known = report
    return gather(scene.page.tokens, sight, Gathering.of(thresholds), known)


def _templates(reports: list[tuple[list[muc.Template], Report]], thresholds: dict[str, float]) -> float:
    total = Counts()
    for wanted, report in reports:
        told = _gathered(report, thresholds)
        c = muc.template_counts(wanted, [_template(report[0].page, report[1], t) for t in told])
        total.add(c.right, c.gold, c.predicted)
    return float(total.f1)


def _event_pairs(reports: list[tuple[list[muc.Template], Report]], thresholds: dict[str, float]) -> Any:
    """An incident is right when the keys have one of its kind that shares a filler with it."""
    rows, right = [], []
    for wanted, report in reports:
        for told in _gathered(report, thresholds):
            template = _template(report[0].page, report[1], told)
            rows.append(event_features(told))
            right.append(
                any(
                    template["incident_type"] in w["incident_type"] and muc.pair_counts(w, template).right > 1
                    for w in wanted
                )
            )
    return rows, right


def _calibrate(pairs: tuple[list[list[float]], list[bool]]) -> tuple[dict[str, Any], dict[str, float]]:
    """(weights and bias fitted on all of dev, expected calibration errors: on dev, and on the half not fitted on)."""
    x, y = np.array(pairs[0], dtype=float), np.array(pairs[1], dtype=float)
    half = np.arange(len(y)) % 2 == 0
    sure = np.empty(len(y))
    for part in (half, ~half):
        sure[~part] = _probabilities(_logistic(x[part], y[part]), x[~part])
    fitted = _logistic(x, y)
    errors = {"dev": _error(_probabilities(fitted, x), y), "other_half": _error(sure, y), "of": len(y)}
    return {"weights": [round(float(w), 4) for w in fitted[:-1]], "bias": round(float(fitted[-1]), 4)}, errors


def _logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        p = np.clip(_probabilities(w, x), 1e-9, 1 - 1e-9)
        slope = np.append(x.T @ (p - y), (p - y).sum())
        return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).sum() + 0.1 * (w @ w)), slope + 0.2 * w

    return minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x


def _probabilities(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ w[:-1] + w[-1], -30, 30))))


def _error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error (Guo et al. 2017), ten bins of equal width."""
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())]
    return round(float(sum(gaps)), 4)
