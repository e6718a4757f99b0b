"""One JARN step of the MNIST networks in PyTorch's autograd, held against Jarn's.

Usage: jarn_step.py STEP.safetensors

The file holds weights, a batch, and what Jarn computed from them: L_cls, L_adv, the Jacobian J and the gradient of every parameter.
This script computes the same from the paper's definitions in float64 with create_graph=True and prints the relative error of each,
max|ours - torch| / max|torch|. It exits with 1 where one exceeds 1e-4.
"""
import json
import struct
import sys

import numpy
import torch
import torch.nn.functional as F

TOLERANCE = 1e-4


def read_safetensors(path, dtype=torch.float64):
    """Tensors by name, and the metadata."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"])
        tensors[name] = torch.tensor(values, dtype=dtype)
    return tensors, metadata


def to_torch(value):
    """Filters as PyTorch keeps them: out, in, kh, kw."""
    return value.permute(3, 2, 0, 1).contiguous() if value.dim() == 4 else value


def from_torch(value):
    return value.permute(2, 3, 1, 0) if value.dim() == 4 else value


def parameters_of(tensors):
    prefix = "parameter."
    return {name[len(prefix):]: to_torch(value).requires_grad_() for name, value in tensors.items() if name.startswith(prefix)}


def convolution(x, weight, bias, stride):
    """SAME as TensorFlow pads it, the larger half behind."""
    padding = []
    for extent, kernel in ((x.shape[3], weight.shape[3]), (x.shape[2], weight.shape[2])):
        outputs = -(-extent // stride)
        total = max(0, (outputs - 1) * stride + kernel - extent)
        padding += [total // 2, total - total // 2]
    left, right, top, bottom = padding
    if left == right and top == bottom:
        return F.conv2d(x, weight, bias, stride, (top, left))
    return F.conv2d(F.pad(x, padding), weight, bias, stride)


def flatten(x):
    return x.permute(0, 2, 3, 1).flatten(1)


def centre_and_normalise(x):
    centred = x - x.mean((1, 2, 3), keepdim=True)
    return centred / centred.square().sum((1, 2, 3), keepdim=True).clamp_min(1e-12).sqrt()


def classifier(p, x):
    for i in (1, 2, 3):
        x = F.relu(convolution(x, p[f"classifier.conv{i}.weight"], p[f"classifier.conv{i}.bias"], 5))
    return flatten(x) @ p["classifier.linear.weight"] + p["classifier.linear.bias"]


def adaptor(p, x):
    return torch.tanh(convolution(x, p["adaptor.conv.weight"], p["adaptor.conv.bias"], 1))


def discriminator(p, x):
    x = centre_and_normalise(x)
    for i in (1, 2):
        x = convolution(x, p[f"discriminator.conv{i}.weight"], p[f"discriminator.conv{i}.bias"], 2)
        x = F.batch_norm(x, None, None, p[f"discriminator.norm{i}.gamma"], p[f"discriminator.norm{i}.beta"], True, 0.0, 1e-3)
        x = F.leaky_relu(x, 0.1)
    return (flatten(x) @ p["discriminator.linear.weight"] + p["discriminator.linear.bias"]).flatten()


def main():
    tensors, metadata = read_safetensors(sys.argv[1])
    weight = float(metadata["lambda_adversarial"])
    parameters = parameters_of(tensors)
    x = tensors["input.images"].permute(0, 3, 1, 2).requires_grad_()
    labels = tensors["input.labels"]

    losses = -(labels * F.log_softmax(classifier(parameters, x), 1)).sum(1)
    jacobian, = torch.autograd.grad(losses.sum(), x, create_graph=True)
    adapted = adaptor(parameters, centre_and_normalise(jacobian))
    logits = discriminator(parameters, torch.cat([adapted, centre_and_normalise(x)]))
    fake, real = logits.chunk(2)
    adversarial = F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()
    classification = losses.mean()

    truth = {"loss.classification": classification, "loss.adversarial": adversarial, "jacobian": jacobian.permute(0, 2, 3, 1)}
    own = [name for name in parameters if name.startswith("classifier.")]
    others = [name for name in parameters if not name.startswith("classifier.")]
    for names, objective in ((own, classification + weight * adversarial), (others, adversarial)):
        gradients = torch.autograd.grad(objective, [parameters[name] for name in names], retain_graph=True)
        truth.update({f"gradient.{name}": from_torch(gradient) for name, gradient in zip(names, gradients)})
    # A bias before batch norm has a gradient of zero, and rounding errors in its place: its weight's gradient is the scale.
    worst = 0.0
    for name, expected in truth.items():
        expected = expected.detach()
        scale = expected.abs().max()
        if name.endswith(".bias") and f"{name[:-4]}weight" in truth:
            scale = torch.maximum(scale, truth[f"{name[:-4]}weight"].detach().abs().max())
        error = ((tensors[name].reshape(expected.shape) - expected).abs().max() / scale).item()
        worst = max(worst, error)
        print(f"{name:<36} {error:.2e}")
    print(f"largest relative error {worst:.2e} (PyTorch {torch.__version__}, tolerance {TOLERANCE:.0e})")
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
