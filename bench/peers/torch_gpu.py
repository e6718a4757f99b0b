"""Times the cases of `bench/Jarn.Bench -- gpu` in PyTorch on the same card, in channels_last, with products in float32 and in TF32.

Usage: torch_gpu.py JARN.json [--device cuda|cpu] [--json FILE] [--quick]

JARN.json has the names of the cases and Jarn's times. The table shows both times and their ratio, PyTorch's over Jarn's. Times on a GPU are measured
between CUDA events; like Jarn's, they are medians. The file of --json has the same rows as Jarn's, with Jarn's counts of operations and bytes.
"""
import argparse
import json
import math
import statistics
import sys
import time

import torch
from torch_cases import build, convolution_case

CLASSES = 10


def filled(shape, device, low=-1.0, high=1.0):
    return torch.empty(shape, device=device).uniform_(low, high)


def convolution_inputs(shape, device):
    batch, extent, inputs, outputs, kernel, stride = shape
    extent_after = -(-extent // stride)
    return {"input": filled((batch, extent, extent, inputs), device), "filter": filled((kernel, kernel, inputs, outputs), device),
            "output": filled((batch, extent_after, extent_after, outputs), device)}


def batch_norm_inputs(shape, device):
    samples, channels = shape
    full = {name: filled((samples, channels), device) for name in ("x", "output_cotangent", "second")}
    return {**full, "gamma": filled((channels,), device, 0.5, 1.5), "beta": torch.zeros(channels, device=device)}


def convolution_parameters(name, kernel, inputs, outputs, device, bias):
    weight = filled((kernel, kernel, inputs, outputs), device) * math.sqrt(3 / (kernel * kernel * inputs))
    return {f"{name}.weight": weight, **({f"{name}.bias": torch.zeros(outputs, device=device)} if bias else {})}


def norm_parameters(name, channels, device):
    return {f"{name}.gamma": torch.ones(channels, device=device), f"{name}.beta": torch.zeros(channels, device=device)}


def linear_parameters(name, inputs, outputs, device):
    return {f"{name}.weight": filled((inputs, outputs), device) / math.sqrt(inputs), f"{name}.bias": torch.zeros(outputs, device=device)}


def wide_resnet_parameters(width, device):
    """Named as Jarn's are: three stages of five units."""
    found = convolution_parameters("classifier.conv", 3, 3, 16, device, bias=False)
    channels = 16
    for stage in (1, 2, 3):
        outputs = 16 * width * 2 ** (stage - 1)
        for unit in range(1, 6):
            prefix = f"classifier.stage{stage}.unit{unit}"
            found.update(norm_parameters(f"{prefix}.norm1", channels, device))
            found.update(convolution_parameters(f"{prefix}.conv1", 3, channels, outputs, device, bias=False))
            found.update(norm_parameters(f"{prefix}.norm2", outputs, device))
            found.update(convolution_parameters(f"{prefix}.conv2", 3, outputs, outputs, device, bias=False))
            channels = outputs
    return {**found, **norm_parameters("classifier.norm", channels, device), **linear_parameters("classifier.linear", channels, CLASSES, device)}


def mnist_parameters(device):
    found = {}
    for i, (inputs, outputs) in enumerate(((1, 64), (64, 128), (128, 256)), 1):
        found.update(convolution_parameters(f"classifier.conv{i}", 5, inputs, outputs, device, bias=True))
    return {**found, **linear_parameters("classifier.linear", 256, CLASSES, device)}


def step_inputs(kind, shape, device):
    """The networks of a step and a batch, with 64 images where the case doesn't say."""
    width, batch = (shape + [64])[:2] if kind == "wide-resnet" else (None, 64)
    extent, channels, widths = (32, 3, (32, 64, 128, 256, 512)) if width else (28, 1, (64, 128))
    found = {**(wide_resnet_parameters(width, device) if width else mnist_parameters(device)), **convolution_parameters("adaptor.conv", 1, channels, channels, device, bias=True)}
    inputs, side = channels, extent
    for i, outputs in enumerate(widths, 1):
        found.update(convolution_parameters(f"discriminator.conv{i}", 4, inputs, outputs, device, bias=True))
        found.update(norm_parameters(f"discriminator.norm{i}", outputs, device))
        inputs, side = outputs, -(-side // 2)
    found.update(linear_parameters("discriminator.linear", inputs * side * side, 1, device))
    labels = torch.nn.functional.one_hot(torch.arange(batch, device=device) % CLASSES, CLASSES).float()
    return {"input.images": filled((batch, extent, extent, channels), device, 0.0, 1.0), "input.labels": labels, **{f"parameter.{name}": value for name, value in found.items()}}


def matmul_case(shape, device):
    rows, inner, columns = shape
    a, b, c = filled((rows, inner), device), filled((inner, columns), device), torch.empty((rows, columns), device=device)
    return lambda: torch.mm(a, b, out=c)


def elementwise_case(shape, operation, device):
    x, s, y, bias = filled(shape, device), filled(shape, device), torch.empty(shape, device=device), filled(shape[1:], device)
    if operation in ("sgd", "adam"):
        # What PyTorch's optimisers run: the fused implementation where this release has one, on one parameter.
        s.grad = x
        rule = torch.optim.SGD([s], lr=1e-3, momentum=0.9, weight_decay=2e-4) if operation == "sgd" else torch.optim.Adam([s], lr=1e-3)
        return rule.step
    return {"leaky-relu": lambda: torch.nn.functional.leaky_relu(x, 0.1), "add": lambda: torch.add(x, s, out=y),
            "add-bias": lambda: torch.add(x, bias, out=y), "channel-sums": lambda: x.sum(0)}[operation]


def prepared(name, device):
    kind, *middle, operation = name.split("/")
    shape = [int(number) for number in middle[0].split(",")] if middle else []
    if kind == "matmul":
        return matmul_case(shape, device)
    if kind == "elementwise":
        return elementwise_case(shape, operation, device)
    if kind == "convolution":
        return convolution_case(convolution_inputs(shape, device), operation, shape, torch.channels_last, exact=False)
    return build(name, batch_norm_inputs(shape, device) if kind == "batch-norm" else step_inputs(kind, shape, device), torch.channels_last)


def milliseconds(run, times, device):
    if device == "cpu":
        start = time.perf_counter()
        for _ in range(times):
            run()
        return 1000 * (time.perf_counter() - start) / times
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    begin.record()
    for _ in range(times):
        run()
    end.record()
    end.synchronize()
    return begin.elapsed_time(end) / times


def measure(name, device, quick):
    run = prepared(name, device)
    # cuDNN chooses its algorithm in the first runs.
    for _ in range(1 if quick else 5):
        run()
    times = 1 if quick else int(min(max(20 / max(milliseconds(run, 1, device), 1e-3), 1), 1000))
    return sorted(milliseconds(run, times, device) for _ in range(3 if quick else 15))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jarn", metavar="JARN.json", help="the file that `bench/Jarn.Bench -- gpu --json` wrote")
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"), help="cpu to try the script without a GPU")
    parser.add_argument("--json", metavar="FILE", help="also write the results to this JSON file")
    parser.add_argument("--quick", action="store_true", help="use few repetitions, to check that everything runs")
    arguments = parser.parse_args()
    if arguments.device == "cuda" and not torch.cuda.is_available():
        print("torch_gpu.py: PyTorch finds no CUDA device; use --device cpu to try the script without one", file=sys.stderr)
        return 2
    with open(arguments.jarn, encoding="utf-8") as file:
        ours = json.load(file)
    torch.backends.cudnn.benchmark = True
    rows = []
    name_of_device = torch.cuda.get_device_name() if arguments.device == "cuda" else "cpu"
    print(f"PyTorch {torch.__version__} on {name_of_device}, Jarn on {ours['device']}")
    print(f"{'case':<52}{'precision':>10}{'PyTorch, ms':>13}{'Jarn, ms':>10}{'ratio':>8}")
    for row in ours["rows"]:
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = row["precision"] == "tf32"
        times = measure(row["name"], arguments.device, arguments.quick)
        median = statistics.median(times)
        print(f"{row['name']:<52}{row['precision']:>10}{median:>13.3f}{row['milliseconds']:>10.3f}{median / row['milliseconds']:>8.2f}", flush=True)
        # The same work in another time: rates and the share of the roofline scale with it.
        faster = row["milliseconds"] / median
        scaled = {key: None if row[key] is None else row[key] * faster for key in ("operations_per_second", "bytes_per_second", "roofline_share")}
        rows.append({"name": row["name"], "precision": row["precision"], "milliseconds": median, "fastest": times[0], "slowest": times[-1], **scaled})
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"device": name_of_device, "card": ours["card"], "rows": rows}, file, indent=2)
            file.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
