"""The cases that Jarn and PyTorch both compute, in PyTorch."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "peers"))
import torch
import torch.nn.functional as F
from jarn_step import adaptor, centre_and_normalise, classifier, discriminator, from_torch, parameters_of, read_safetensors, relative_error, to_torch

FORMATS = {"nchw": torch.contiguous_format, "channels_last": torch.channels_last}
THREADS = 2


def images(value, memory_format):
    return value.permute(0, 3, 1, 2).contiguous(memory_format=memory_format)


def convolution_case(tensors, operation, shape, memory_format, exact=True):
    """Not exact: where TensorFlow pads one more behind than before, as many on both sides, which is the same work on other numbers."""
    x, w, y = images(tensors["input"], memory_format), to_torch(tensors["filter"]).contiguous(memory_format=memory_format), images(tensors["output"], memory_format)
    kernel, stride = shape[4], shape[5]
    outputs = -(-shape[1] // stride)
    total = max(0, (outputs - 1) * stride + kernel - shape[1])
    padding = (-(-total // 2), -(-total // 2))
    if total % 2 and exact:
        raise ValueError("asymmetric padding would cost PyTorch a copy: choose another shape")
    mask = {"forward": None, "input-gradient": (True, False, False), "filter-gradient": (False, True, False)}[operation]
    if mask is None:
        return lambda: {"output": F.conv2d(x, w, None, stride, padding).permute(0, 2, 3, 1)}
    backward = torch.ops.aten.convolution_backward

    def run():
        dx, dw, _ = backward(y, x, w, None, (stride, stride), padding, (1, 1), False, (0, 0), 1, mask)
        return {"input": dx.permute(0, 2, 3, 1)} if mask[0] else {"filter": from_torch(dw)}
    return run


def batch_norm_case(tensors, operation, memory_format):
    samples, channels = tensors["x"].shape
    extent = 32 if samples % 1024 == 0 else 8
    def full(name):
        return images(tensors[name].reshape(-1, extent, extent, channels), memory_format)
    def flat(value):
        return value.permute(0, 2, 3, 1).reshape(samples, channels)
    x, g, v = full("x").requires_grad_(), full("output_cotangent").requires_grad_(), full("second")
    gamma, beta = tensors["gamma"].clone().requires_grad_(), tensors["beta"].clone().requires_grad_()
    def forward():
        return F.leaky_relu(F.batch_norm(x, None, None, gamma, beta, True, 0.0, 1e-3), 0.1)
    if operation == "forward":
        def run():
            with torch.no_grad():
                return {"activated": flat(forward())}
        return run
    y = forward()
    if operation == "backward":
        def run():
            dx, dgamma, dbeta = torch.autograd.grad(y, (x, gamma, beta), g.detach(), retain_graph=True)
            return {"x_cotangent": flat(dx), "gamma_cotangent": dgamma, "beta_cotangent": dbeta}
        return run
    dx, = torch.autograd.grad(y, x, g, create_graph=True)
    def run():
        ddx, dgamma, dg = torch.autograd.grad(dx, (x, gamma, g), v, retain_graph=True)
        return {"x_second": flat(ddx), "gamma_second": dgamma, "output_second": flat(dg)}
    return run


def step_case(tensors, operation, memory_format):
    p = parameters_of(tensors)
    p = {name: (value.detach().contiguous(memory_format=memory_format) if value.dim() == 4 else value.detach()).requires_grad_() for name, value in p.items()}
    x, labels = images(tensors["input.images"], memory_format), tensors["input.labels"]
    own = [name for name in p if name.startswith("classifier.")]
    def cross_entropy(pixels):
        return -(labels * F.log_softmax(classifier(p, pixels), 1)).sum(1)
    def gradients(loss, names):
        found = torch.autograd.grad(loss, [p[name] for name in names])
        return {"loss": loss, **{f"gradient.{name}": from_torch(value) for name, value in zip(names, found)}}
    def verdicts(fake, real):
        fake, real = discriminator(p, torch.cat([fake, real])).chunk(2)
        return F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()
    def forward():
        with torch.no_grad():
            return {"logits": classifier(p, x)}
    def standard(pixels=x):
        return gradients(cross_entropy(pixels).mean(), own)
    def jarn():
        pixels = x.detach().requires_grad_()
        losses = cross_entropy(pixels)
        jacobian, = torch.autograd.grad(losses.sum(), pixels, create_graph=True)
        loss = losses.mean() + verdicts(adaptor(p, centre_and_normalise(jacobian)), centre_and_normalise(x))
        return gradients(loss, own + [name for name in p if name.startswith("adaptor.")])
    def pgd7():
        noisy = (x + torch.empty_like(x).uniform_(-0.3, 0.3)).clamp(0, 1)
        for _ in range(7):
            noisy.requires_grad_()
            gradient, = torch.autograd.grad(cross_entropy(noisy).sum(), noisy)
            noisy = torch.minimum(torch.maximum(noisy.detach() + 0.1 * gradient.sign(), x - 0.3), x + 0.3).clamp(0, 1)
        return standard(noisy)
    def discriminator_step():
        with torch.no_grad():
            fake = adaptor(p, x)
        return gradients(verdicts(fake, x), [name for name in p if name.startswith("discriminator.")])
    run = {"forward": forward, "standard": standard, "jarn": jarn, "pgd7": pgd7, "discriminator": discriminator_step}[operation]
    # The attack's path hangs on signs of gradients near zero, so its last step is compared on the images that Jarn's attack found.
    run.check = (lambda: standard(images(tensors["perturbed"], memory_format))) if operation == "pgd7" else run
    return run


def build(name, tensors, memory_format):
    """A case as a function that computes what Jarn's does, from its inputs, and returns what is compared."""
    parts = name.split("/")
    if parts[0] == "convolution":
        return convolution_case(tensors, parts[2], [int(number) for number in parts[1].split(",")], memory_format)
    if parts[0] == "batch-norm":
        return batch_norm_case(tensors, parts[2], memory_format)
    return step_case(tensors, parts[-1], memory_format)
