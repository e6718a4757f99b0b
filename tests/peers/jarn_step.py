"""One JARN step of the paper's networks in PyTorch's autograd, held against Jarn's.

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


def leaky_relu(x):
    return F.leaky_relu(x, 0.1)


ACTIVATIONS = {"leaky-relu": leaky_relu, "relu": F.relu, "silu": F.silu, "softplus": lambda x: F.softplus(x, beta=10, threshold=1000)}


def classifier(p, x, activation=None):
    """With the activation of a name; None for the network's own."""
    if "classifier.norm.gamma" in p:
        return wide_resnet(p, x, ACTIVATIONS[activation or "leaky-relu"])
    return mnist_cnn(p, x, ACTIVATIONS[activation or "relu"])


def mnist_cnn(p, x, activate):
    for i in (1, 2, 3):
        x = activate(convolution(x, p[f"classifier.conv{i}.weight"], p[f"classifier.conv{i}.bias"], 5))
    return flatten(x) @ p["classifier.linear.weight"] + p["classifier.linear.bias"]


def wide_resnet(p, x, activate):
    """Madry et al.'s: the very first unit activates before its shortcut splits, and a shortcut pools and pads with channels of zeros."""
    x = convolution(x, p["classifier.conv.weight"], None, 1)
    for unit in [name[:-len(".conv1.weight")] for name in p if name.endswith(".conv1.weight") and "unit" in name]:
        stride = 2 if unit.endswith("unit1") and "stage1" not in unit else 1
        activated = normalise_and_activate(p, f"{unit}.norm1", x, activate)
        shortcut = activated if unit == "classifier.stage1.unit1" else x
        hidden = convolution(activated, p[f"{unit}.conv1.weight"], None, stride)
        hidden = convolution(normalise_and_activate(p, f"{unit}.norm2", hidden, activate), p[f"{unit}.conv2.weight"], None, 1)
        if stride > 1:
            shortcut = F.avg_pool2d(shortcut, stride)
        added = hidden.shape[1] - shortcut.shape[1]
        if added > 0:
            shortcut = F.pad(shortcut, (0, 0, 0, 0, added // 2, added - added // 2))
        x = shortcut + hidden
    return normalise_and_activate(p, "classifier.norm", x, activate).mean((2, 3)) @ p["classifier.linear.weight"] + p["classifier.linear.bias"]


def normalise_and_activate(p, name, x, activate=leaky_relu):
    """By the batch's statistics, or by the running ones where there are any."""
    mean, variance = p.get(f"{name}.running_mean"), p.get(f"{name}.running_variance")
    return activate(F.batch_norm(x, mean, variance, p[f"{name}.gamma"], p[f"{name}.beta"], mean is None, 0.0, 1e-3))


def adaptor(p, x):
    return torch.tanh(convolution(x, p["adaptor.conv.weight"], p["adaptor.conv.bias"], 1))


def discriminator(p, x):
    x = centre_and_normalise(x)
    for i in range(1, 1 + sum(name.startswith("discriminator.conv") and name.endswith(".weight") for name in p)):
        x = convolution(x, p[f"discriminator.conv{i}.weight"], p[f"discriminator.conv{i}.bias"], 2)
        x = normalise_and_activate(p, f"discriminator.norm{i}", x)
    return (flatten(x) @ p["discriminator.linear.weight"] + p["discriminator.linear.bias"]).flatten()


def relative_error(name, ours, truth):
    """The largest error, relative to the largest value. Batch norm removes a shift, so the gradient of a bias or a β whose shift reaches the next
    batch norm whole is zero, and rounding errors in its place: the gradient of its weight or γ is its scale."""
    expected = truth[name].detach()
    companion = name.replace(".bias", ".weight").replace(".beta", ".gamma")
    scale = max(truth[key].detach().abs().max().item() for key in {name, companion} & truth.keys())
    return (ours[name].reshape(expected.shape) - expected).abs().max().item() / scale


def report(ours, truth):
    """Prints the error of each value, and gives the exit code."""
    worst = 0.0
    for name in truth:
        error = relative_error(name, ours, truth)
        worst = max(worst, error)
        print(f"{name:<48} {error:.2e}")
    print(f"largest relative error {worst:.2e} (PyTorch {torch.__version__}, tolerance {TOLERANCE:.0e})")
    return 0 if worst <= TOLERANCE else 1


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
    return report(tensors, truth)


if __name__ == "__main__":
    sys.exit(main())
