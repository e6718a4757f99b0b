"""Compares Jarn with PyTorch case by case: first the results, then the times.

Each round times both, one after the other. A case's times are the medians over the rounds. Its ratio is the median of the rounds' ratios (PyTorch's time
over Jarn's: above 1, Jarn is faster), and its spread their smallest and largest. PyTorch runs in NCHW and in channels_last; the faster of the two
counts. There are as many rounds as a case's time budget allows.

memory/CASE is the peak resident memory of a fresh process that runs the case three times, with its runtime, libraries and code. PyTorch counts in the
format that needs less. start-up/CASE is the time from the start of a fresh process to the end of its first step.

Run it through compare.sh.
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
import torch
from fresh_process import observe
from torch_cases import FORMATS, THREADS, build, read_safetensors, relative_error

HERE = os.path.dirname(os.path.abspath(__file__))
JARN = ["dotnet", os.path.join(HERE, "..", "Jarn.Bench", "bin", "Release", "net10.0", "Jarn.Bench.dll")]
TOLERANCE = 1e-4
# Rounding grows over thirty layers with batch norm: PyTorch's own float32 is up to 5e-4 from its float64 there in channels_last, up to 1.3e-4 in NCHW,
# and Jarn's up to 6e-5. Four times the largest.
WIDE_RESNET_TOLERANCE = 2e-3
MILLISECONDS_A_TURN = 150
STEPS_FOR_MEMORY = 3
MEGABYTE = 1e6

# Batch, extent, channels in, channels out, kernel, stride.
CONVOLUTIONS = [(32, 32, 16, 16, 3, 1), (32, 32, 160, 160, 3, 1), (32, 16, 320, 320, 3, 1), (32, 8, 640, 640, 3, 1), (64, 28, 1, 64, 5, 1),
                (64, 14, 64, 128, 5, 1), (128, 28, 1, 64, 4, 2), (128, 14, 64, 128, 4, 2)]
BATCH_NORMS = [(65536, 16), (65536, 64), (65536, 160)]
STEPS = ["forward", "standard", "jarn", "pgd7", "discriminator"]
# The discriminator's step doesn't depend on the classifier's width.
WIDE_RESNET = ["wide-resnet/1/" + step for step in STEPS] + ["wide-resnet/4/" + step for step in STEPS[:-1]]
NOT_QUICK = {"wide-resnet/4/pgd7", "memory/wide-resnet/4/jarn"}


def names():
    yield from (f"convolution/{','.join(map(str, shape))}/{operation}" for shape in CONVOLUTIONS for operation in ("forward", "input-gradient", "filter-gradient"))
    yield from (f"batch-norm/{samples},{channels}/{operation}" for samples, channels in BATCH_NORMS for operation in ("forward", "backward", "double-backward"))
    yield from (f"mnist/{step}" for step in STEPS)
    yield from WIDE_RESNET
    yield from (f"memory/{network}/jarn" for network in ("mnist", "wide-resnet/1", "wide-resnet/4"))
    yield from ("start-up/mnist/standard", "start-up/wide-resnet/1/jarn")


class Jarn:
    def __init__(self):
        self.process = subprocess.Popen([*JARN, "peers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"compare: Jarn's process ended unexpectedly at '{line}'")
        return answer.strip()

    def time(self, repetitions):
        return float(self.ask(f"time {repetitions}"))


class Comparison:
    """Compares cases within rounds and seconds."""

    def __init__(self, least_rounds, most_rounds, seconds):
        self.least_rounds, self.most_rounds, self.seconds = least_rounds, most_rounds, seconds
        self.jarn, self.folder = Jarn(), tempfile.TemporaryDirectory()

    def row(self, name):
        kind, _, case = name.partition("/")
        if kind == "memory":
            return self.memory(name, case)
        return self.start_up(name, case) if kind == "start-up" else self.speed(name)

    def prepare(self, case):
        path = os.path.join(self.folder.name, "case.safetensors")
        self.jarn.ask(f"prepare {case} {path}")
        return path

    def speed(self, name):
        tensors, _ = read_safetensors(self.prepare(name), torch.float32)
        runs = [build(name, tensors, memory_format) for memory_format in FORMATS.values()]
        run = min(runs, key=lambda run: seconds_of(name, tensors, run))
        ours_count, theirs_count = (repetitions(timer) for timer in (self.jarn.time, timer_of(run)))
        return ratio_row(name, "ms", self.rounds(lambda: self.jarn.time(ours_count), lambda: timer_of(run)(theirs_count)))

    def memory(self, name, case):
        path, pairs = self.prepare(case), []
        def once():
            ours = observe([*JARN, "fresh", case, f"{STEPS_FOR_MEMORY}"])
            theirs = min((observe(torch_command(case, path, memory_format, STEPS_FOR_MEMORY)) for memory_format in FORMATS), key=lambda seen: seen["peak"])
            pairs.append((ours, theirs))
        self.rounds(once, lambda: None)
        row = ratio_row(name, "mb", [(ours["peak"] / MEGABYTE, theirs["peak"] / MEGABYTE) for ours, theirs in pairs])
        increase = [[(seen["peak"] - seen["before"]) / MEGABYTE for seen in side] for side in zip(*pairs)]
        return {**row, "ours_increase_mb": statistics.median(increase[0]), "peer_increase_mb": statistics.median(increase[1])}

    def start_up(self, name, case):
        path = self.prepare(case)
        return ratio_row(name, "ms", self.rounds(
            lambda: observe([*JARN, "fresh", case, "1"])["first"], lambda: observe(torch_command(case, path, "nchw", 1))["first"], least=3))

    def rounds(self, ours, theirs, least=1):
        """Pairs of what both functions return, as many as there is time for."""
        pairs, start = [], time.perf_counter()
        while len(pairs) < max(least, self.least_rounds) or (len(pairs) < self.most_rounds and time.perf_counter() - start < self.seconds):
            pairs.append((ours(), theirs()))
        return pairs


def seconds_of(name, tensors, run):
    """Checks a case's numbers, then tells how long it takes; where that is long, the check was run enough."""
    compute = getattr(run, "check", run)
    start = time.perf_counter()
    found = compute()
    elapsed = time.perf_counter() - start
    check(name, tensors, found)
    return elapsed if elapsed > 1 else min(timer_of(run)(1) for _ in range(3)) / 1e3


def check(name, ours, theirs):
    """Biases before batch norm are left out: their gradient is zero, and what both compute is rounding errors."""
    tolerance = WIDE_RESNET_TOLERANCE if name.startswith("wide-resnet") else TOLERANCE
    for key in theirs:
        if key.startswith("gradient.discriminator.conv") and key.endswith(".bias"):
            continue
        error = relative_error(key, ours, theirs)
        if not error <= tolerance:
            sys.exit(f"compare: {name}: {key} differs by {error:.1e} of its largest value (allowed: {tolerance:.0e}); results that differ are not timed")


def timer_of(run):
    """Milliseconds a repetition."""
    def timed(count):
        start = time.perf_counter()
        for _ in range(count):
            run()
        return (time.perf_counter() - start) * 1e3 / count
    return timed


def repetitions(timer):
    once = timer(1)
    return 1 if once > MILLISECONDS_A_TURN else max(1, round(MILLISECONDS_A_TURN / max(timer(2), 1e-3)))


def torch_command(case, path, memory_format, runs):
    return [sys.executable, os.path.join(HERE, "fresh_process.py"), case, path, memory_format, f"{runs}"]


def ratio_row(name, unit, pairs):
    ratios = [peer / own for own, peer in pairs]
    return {"name": name, f"ours_{unit}": statistics.median(own for own, _ in pairs), f"peer_{unit}": statistics.median(peer for _, peer in pairs),
            "ratio": statistics.median(ratios), "spread": [min(ratios), max(ratios)], "rounds": len(pairs)}


def main():
    parser = argparse.ArgumentParser(description="Compare Jarn with PyTorch on the CPU, with two threads each.")
    parser.add_argument("--quick", action="store_true", help="at most 5 rounds per case instead of 15, fewer for slow cases; skip the slowest cases")
    parser.add_argument("--json", metavar="FILE", help="also write the table to this JSON file")
    parser.add_argument("--only", metavar="TEXT", default="", help="run only the cases whose name contains TEXT")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    comparison, rows = Comparison(1, 5, 4) if arguments.quick else Comparison(3, 15, 40), []
    print(f"{'case':<48} {'Jarn':>10} {'PyTorch':>10}    {'ratio':>6}  spread   (PyTorch {torch.__version__})")
    for name in names():
        if arguments.only not in name or (arguments.quick and name in NOT_QUICK):
            continue
        row = comparison.row(name)
        rows.append(row)
        unit = "mb" if "ours_mb" in row else "ms"
        print(f"{name:<48} {row[f'ours_{unit}']:>10.3f} {row[f'peer_{unit}']:>10.3f} {unit} {row['ratio']:>6.2f}  {row['spread'][0]:.2f}-{row['spread'][1]:.2f}", flush=True)
    if arguments.json:
        with open(arguments.json + ".part", "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)
        os.replace(arguments.json + ".part", arguments.json)


if __name__ == "__main__":
    main()
