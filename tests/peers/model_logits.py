"""The logits of a model file in PyTorch, held against Jarn's: what docs/checkpoint-format.md says is all that it takes to load one.

Usage: model_logits.py MODEL.safetensors BATCH.safetensors

The batch holds images (N, H, W, C; pixels in [0, 1]) and the logits that Jarn computed from them. This script exits with 1 where the largest
difference exceeds 1e-4 of the largest logit.
"""
import json
import sys

import torch

from jarn_step import centre_and_normalise, classifier, read_safetensors, to_torch

TOLERANCE = 1e-4


def main():
    tensors, metadata = read_safetensors(sys.argv[1])
    description = json.loads(metadata["jarn"])["description"]
    batch, _ = read_safetensors(sys.argv[2])
    parameters = {f"classifier.{name}": to_torch(value) for name, value in tensors.items()}
    x = batch["images"].permute(0, 3, 1, 2) * description["input"]["scale"]
    if description["input"]["center_and_normalize"]:
        x = centre_and_normalise(x)
    logits = classifier(parameters, x, description["network"].get("activation"))
    error = ((logits - batch["logits"]).abs().max() / logits.abs().max()).item()
    print(f"{description['network']['name']}: largest relative error {error:.2e} (PyTorch {torch.__version__}, tolerance {TOLERANCE:.0e})")
    return 0 if error <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
