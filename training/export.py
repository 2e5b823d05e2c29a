"""A checkpoint → the three graphs that the reader runs: encoder (8-bit weights), joiner and fillers (32-bit).

ONNX Runtime's transformer optimizer fuses attention, GELU and layer norms; dynamic quantization turns the weights of
matrix products and the word embeddings into 8-bit integers, one scale a column.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn

from sayso.read.compact import labels
from training.network import Encoder, Fillers, Joiner, Network
from training.train import base_folder

_OPSET = 17


def load_averaged(recipe: Path, checkpoint: Path) -> tuple[Network, int]:
    config = tomllib.loads(recipe.read_text(encoding="utf-8"))
    network = Network(Encoder(str(base_folder(config)), 0.0, attention="eager"), Joiner(), Fillers())
    state = torch.load(checkpoint, weights_only=True)
    for name, module in network.modules().items():
        module.load_state_dict(state["averaged"][name])
    network.train(False)
    return network, int(state["step"])


class _Looking(nn.Module):
    """The encoder with `look` as its forward pass: the exporter knows no other."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, case: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.encoder.look(ids, case, mask)


def export(recipe: Path, checkpoint: Path, out: Path, eight_bit: bool = True) -> None:
    """Write encoder.onnx, joiner.onnx, fillers.onnx and tokenizer.json to `out`."""
    network, step = load_averaged(recipe, checkpoint)
    out.mkdir(parents=True, exist_ok=True)
    raw, fused = out / "encoder.raw.onnx", out / "encoder.fused.onnx"
    ids = torch.randint(1000, 20000, (2, 24))
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        _Looking(network.encoder),
        (ids, torch.zeros_like(ids), torch.ones_like(ids)),
        str(raw),
        input_names=["ids", "case", "mask"],
        output_names=["states", "tags", "attend", "kinds"],
        dynamic_axes={
            "ids": axes,
            "case": axes,
            "mask": axes,
            "states": axes,
            "tags": axes,
            "attend": axes,
            "kinds": {0: "batch"},
        },
        opset_version=_OPSET,
        dynamo=False,
    )
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    model = optimizer.optimize_model(str(raw), "bert", num_heads=12, hidden_size=384, optimization_options=options)
    print({k: v for k, v in model.get_fused_operator_statistics().items() if v})
    model.save_model_to_file(str(fused))
    if eight_bit:
        quantize_dynamic(
            fused,
            out / "encoder.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Attention", "Gather"],
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    else:
        shutil.copy(fused, out / "encoder.onnx")
    states = torch.randn(40, 384)
    torch.onnx.export(
        network.joiner,
        (states, torch.tensor([3, 9]), torch.tensor([4, 9])),
        str(out / "joiner.onnx"),
        input_names=["states", "first", "last"],
        output_names=["join", "stance"],
        dynamic_axes={
            "states": {0: "length"},
            "first": {0: "cues"},
            "last": {0: "cues"},
            "join": {0: "cues", 1: "length"},
            "stance": {0: "cues"},
        },
        opset_version=_OPSET,
        dynamo=False,
    )
    torch.onnx.export(
        network.fillers,
        (states[:5], torch.tensor([0, 1, 2, 3, 4]), torch.tensor([1, 5, 7, 40, 90])),
        str(out / "fillers.onnx"),
        input_names=["states", "roles", "places"],
        output_names=["what", "pairs"],
        dynamic_axes={
            "states": {0: "fillers"},
            "roles": {0: "fillers"},
            "places": {0: "fillers"},
            "what": {0: "fillers"},
            "pairs": {0: "fillers", 1: "others"},
        },
        opset_version=_OPSET,
        dynamo=False,
    )
    torch.onnx.export(
        network.encoder.quad,
        (states[:3],),
        str(out / "quad.onnx"),
        input_names=["states"],
        output_names=["quad"],
        dynamic_axes={"states": {0: "sentences"}, "quad": {0: "sentences"}},
        opset_version=_OPSET,
        dynamo=False,
    )
    config = tomllib.loads(recipe.read_text(encoding="utf-8"))
    tokenizer = json.loads((base_folder(config) / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, separators=(",", ":")), encoding="utf-8")
    for path in (raw, fused):
        path.unlink()
    for path in sorted(out.iterdir()):
        print(f"{path.name:16} {path.stat().st_size / 1e6:6.2f} MB")
    print(f"step {step}, {sum(labels.TAGS.values())} tag outputs, numpy {np.__version__}, onnx {onnx.__version__}")
