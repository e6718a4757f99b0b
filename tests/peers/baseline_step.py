"""The objectives of TRADES and of Jacobian regularization in PyTorch's autograd, held against Jarn's.

Usage: baseline_step.py STEP.safetensors

The file holds a classifier's weights, a batch, perturbed images, random directions, and what Jarn computed from them: each objective and its gradient in
every parameter, under trades.* and jacobian.*. This script computes the same in float64 from the definitions, the divergence by F.kl_div, and exits with 1
where an error exceeds 1e-4 of the largest value.
"""
import sys

import torch
import torch.nn.functional as F

from jarn_step import classifier, from_torch, parameters_of, read_safetensors, report


def main():
    tensors, metadata = read_safetensors(sys.argv[1])
    parameters = parameters_of(tensors)
    activation, weight = metadata["activation"], float(metadata["weight"])
    x = tensors["input.images"].permute(0, 3, 1, 2).requires_grad_()
    perturbed = tensors["input.perturbed"].permute(0, 3, 1, 2)
    labels = tensors["input.labels"].argmax(1)
    logits = classifier(parameters, x, activation)
    others = classifier(parameters, perturbed, activation)

    divergence = F.kl_div(F.log_softmax(others, 1), F.softmax(logits, 1), reduction="batchmean")
    units = F.normalize(tensors["input.directions"], dim=1)
    projection, = torch.autograd.grad((units * logits).sum(), x, create_graph=True)
    norm = logits.shape[1] * projection.square().sum() / len(x)
    objectives = {"trades": F.cross_entropy(logits, labels) + weight * divergence, "jacobian": F.cross_entropy(logits, labels) + weight / 2 * norm}

    truth = {}
    for method, objective in objectives.items():
        gradients = torch.autograd.grad(objective, parameters.values(), retain_graph=True)
        truth |= {f"{method}.total": objective, **{f"{method}.{name}": from_torch(gradient) for name, gradient in zip(parameters, gradients)}}
    return report(tensors, truth)


if __name__ == "__main__":
    sys.exit(main())
