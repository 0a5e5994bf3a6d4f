"""Write a trained encoder as the shipped network: ONNX, fused, weights in eight bits.

    python training/export.py build/first [build/second ...] -o kg/pipes/model

Of several, trained one from the other, the mean of the weights is taken (Wortsman et al. 2022, "Model soups"). Weights are
quantised per channel; activations while it runs (dynamic quantisation), so no calibration text is needed. Weights have
seven bits of their eight: with more, sums overflow on processors without instructions for neural networks (VNNI).
"""

import argparse
import json
import tempfile
from pathlib import Path

import onnx
import torch
from encoder import Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from transformers.utils import logging as transformers_logging


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", nargs="+", type=Path, help="folder that training/encoder.py wrote")
    parser.add_argument("-o", "--output", required=True, type=Path, help="folder for encoder.onnx and pieces.json")
    options = parser.parse_args()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    network = Network(json.loads((options.trained[0] / "keep.json").read_text()))
    states = [torch.load(folder / "network.pt") for folder in options.trained]
    network.load_state_dict({name: sum(s[name] for s in states) / len(states) if w.is_floating_point() else w for name, w in states[0].items()})
    network.bert.set_attn_implementation("eager")
    network.eval()
    example = torch.ones((1, 200), dtype=torch.int64)
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = f"{folder}/plain.onnx", f"{folder}/fused.onnx"
        axes = {"ids": {1: "n"}, "cases": {1: "n"}, "answers": {1: "n"}}
        torch.onnx.export(
            network, (example, example), plain, input_names=["ids", "cases"], output_names=["answers"], dynamic_axes=axes, opset_version=17, dynamo=False
        )
        config = network.bert.config
        model = optimizer.optimize_model(plain, model_type="bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size)
        print("fused:", {k: v for k, v in model.get_fused_operator_statistics().items() if v})
        model.save_model_to_file(fused)
        output = options.output / "encoder.onnx"
        quantize_dynamic(
            fused, output, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT}
        )
    (options.output / "pieces.json").write_bytes((options.trained[0] / "pieces.json").read_bytes())
    print(f"{output}: {output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
