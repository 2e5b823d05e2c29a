"""A bare BERT-base encoder (12 layers, 768 wide, random weights, fp32) in ONNX Runtime, to be timed beside ours."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnxruntime


def bert_base() -> onnxruntime.InferenceSession:
    """Raises ImportError where PyTorch and transformers are not installed."""
    import torch
    from onnxruntime.transformers import optimizer
    from transformers import BertConfig, BertModel

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel(BertConfig(), add_pooling_layer=False)

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return self.bert(input_ids=ids, attention_mask=mask).last_hidden_state

    with tempfile.TemporaryDirectory() as folder:
        raw, fused = Path(folder) / "raw.onnx", Path(folder) / "fused.onnx"
        ids = torch.randint(1000, 20000, (2, 24))
        model = States().eval()
        model.bert.set_attn_implementation("eager")
        axes = {0: "batch", 1: "length"}
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids)),
            str(raw),
            input_names=["ids", "mask"],
            output_names=["states"],
            dynamic_axes={"ids": axes, "mask": axes, "states": axes},
            opset_version=17,
            dynamo=False,
        )
        optimizer.optimize_model(str(raw), "bert", num_heads=12, hidden_size=768).save_model_to_file(str(fused))
        return onnxruntime.InferenceSession(str(fused), providers=["CPUExecutionProvider"])
