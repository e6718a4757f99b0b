"""Jarn beside PyTorch, case by case: the same numbers first, then times in alternation.

Each round times both, one after the other; a case's figures are the medians over rounds, its ratio the median of the rounds' ratios (PyTorch's
time over Jarn's: above 1 Jarn is faster), its spread their smallest and largest. PyTorch computes in NCHW and in channels_last, and the
faster of the two counts. Run it through compare.sh.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # PyTorch's idle threads must not spin while Jarn is timed.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "peers"))
import torch
import torch.nn.functional as F
from jarn_step import adaptor, centre_and_normalise, classifier, discriminator, from_torch, parameters_of, read_safetensors, to_torch

TOLERANCE = 1e-4
MILLISECONDS_A_TURN = 150
FORMATS = (torch.contiguous_format, torch.channels_last)

# Batch, extent, channels in, channels out, kernel, stride.
CONVOLUTIONS = [(32, 32, 16, 16, 3, 1), (32, 32, 160, 160, 3, 1), (32, 16, 320, 320, 3, 1), (32, 8, 640, 640, 3, 1), (64, 28, 1, 64, 5, 1),
                (64, 14, 64, 128, 5, 1), (128, 28, 1, 64, 4, 2), (128, 14, 64, 128, 4, 2)]
BATCH_NORMS = [(65536, 16), (65536, 64), (65536, 160)]
STEPS = ["forward", "standard", "jarn", "pgd7", "discriminator"]


def images(value, memory_format):
    return value.permute(0, 3, 1, 2).contiguous(memory_format=memory_format)


def convolution_case(tensors, operation, shape, memory_format):
    x, w, y = images(tensors["input"], memory_format), to_torch(tensors["filter"]).contiguous(memory_format=memory_format), images(tensors["output"], memory_format)
    kernel, stride = shape[4], shape[5]
    outputs = -(-shape[1] // stride)
    total = max(0, (outputs - 1) * stride + kernel - shape[1])
    padding = (total // 2, total // 2)
    if total % 2:
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
    def full(name):
        return images(tensors[name].reshape(samples // 1024, 32, 32, channels), memory_format)
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
        return {f"gradient.{name}": from_torch(value) for name, value in zip(names, found)}
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
    parts = name.split("/")
    if parts[0] == "convolution":
        return convolution_case(tensors, parts[2], [int(number) for number in parts[1].split(",")], memory_format)
    if parts[0] == "batch-norm":
        return batch_norm_case(tensors, parts[2], memory_format)
    return step_case(tensors, parts[1], memory_format)


def check(name, ours, theirs):
    """The largest error relative to the largest value. Biases before batch norm are left out: their gradient is zero, and what both compute is
    rounding errors."""
    for key, expected in theirs.items():
        if key.startswith("gradient.discriminator.conv") and key.endswith(".bias"):
            continue
        error = (ours[key] - expected.detach().reshape(ours[key].shape)).abs().max().item() / expected.detach().abs().max().item()
        if not error <= TOLERANCE:
            sys.exit(f"compare: {name}: {key} differs by {error:.1e} relative to its largest value; nothing is timed while the numbers differ")


class Jarn:
    def __init__(self):
        here = os.path.dirname(os.path.abspath(__file__))
        program = os.path.join(here, "..", "Jarn.Bench", "bin", "Release", "net10.0", "Jarn.Bench.dll")
        self.process = subprocess.Popen(["dotnet", program, "peers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"compare: Jarn's process ended at '{line}'")
        return answer.strip()

    def time(self, repetitions):
        return float(self.ask(f"time {repetitions}"))


def time_torch(run, repetitions):
    start = time.perf_counter()
    for _ in range(repetitions):
        run()
    return (time.perf_counter() - start) * 1e3 / repetitions


def measure(jarn, name, rounds):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "case.safetensors")
        jarn.ask(f"prepare {name} {path}")
        tensors, _ = read_safetensors(path, torch.float32)
    runs = [build(name, tensors, memory_format) for memory_format in FORMATS]
    for run in runs:
        check(name, tensors, getattr(run, "check", run)())
    run = min(runs, key=lambda run: min(time_torch(run, 1) for _ in range(3)))
    ours_count = max(1, round(MILLISECONDS_A_TURN / max(jarn.time(2), 1e-3)))
    theirs_count = max(1, round(MILLISECONDS_A_TURN / max(time_torch(run, 2), 1e-3)))
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(jarn.time(ours_count))
        theirs.append(time_torch(run, theirs_count))
    ratios = [peer / own for own, peer in zip(ours, theirs)]
    return {"name": name, "ours_ms": statistics.median(ours), "peer_ms": statistics.median(theirs), "ratio": statistics.median(ratios),
            "spread": [min(ratios), max(ratios)]}


def main():
    parser = argparse.ArgumentParser(description="Jarn beside PyTorch on the CPU, two threads each.")
    parser.add_argument("--quick", action="store_true", help="5 rounds a case instead of 15")
    parser.add_argument("--json", metavar="FILE", help="write the table as JSON")
    parser.add_argument("--only", metavar="TEXT", default="", help="the cases whose name contains it")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    names = [f"convolution/{','.join(map(str, shape))}/{operation}" for shape in CONVOLUTIONS for operation in ("forward", "input-gradient", "filter-gradient")]
    names += [f"batch-norm/{samples},{channels}/{operation}" for samples, channels in BATCH_NORMS for operation in ("forward", "backward", "double-backward")]
    names += [f"mnist/{operation}" for operation in STEPS]
    jarn, rows = Jarn(), []
    print(f"{'case':<48} {'Jarn ms':>10} {'PyTorch ms':>10} {'ratio':>6}  spread   (PyTorch {torch.__version__})")
    for name in names:
        if arguments.only in name:
            row = measure(jarn, name, 5 if arguments.quick else 15)
            rows.append(row)
            print(f"{name:<48} {row['ours_ms']:>10.3f} {row['peer_ms']:>10.3f} {row['ratio']:>6.2f}  {row['spread'][0]:.2f}-{row['spread'][1]:.2f}", flush=True)
    if arguments.json:
        with open(arguments.json + ".part", "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)
        os.replace(arguments.json + ".part", arguments.json)


if __name__ == "__main__":
    main()
