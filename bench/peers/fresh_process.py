"""A case's first runs in processes of their own: peak memory, and the time from the process's start to the end of the first step.

fresh_process.py CASE FILE FORMAT RUNS is such a process for PyTorch. It prints what Jarn.Bench's "fresh" prints: "before BYTES" when everything is built,
"first" after the first run, and "peak BYTES" at the end.
"""
import subprocess
import sys
import time


def observe(command):
    """What a fresh process prints: bytes resident before its first step, the peak in bytes, and milliseconds from its start to its first step's end."""
    start = time.perf_counter()
    seen = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            word, *value = line.split()
            seen[word] = int(value[0]) if value else (time.perf_counter() - start) * 1e3
    if process.returncode != 0 or seen.keys() != {"before", "first", "peak"}:
        sys.exit(f"compare: '{' '.join(command)}' ended with exit code {process.returncode} after printing {seen}")
    return seen


def resident(key):
    with open("/proc/self/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key + ":")) * 1024


def main():
    import torch
    import torch_cases

    name, path, memory_format, runs = sys.argv[1:]
    torch.set_num_threads(torch_cases.THREADS)
    tensors, _ = torch_cases.read_safetensors(path, torch.float32)
    run = torch_cases.build(name, tensors, torch_cases.FORMATS[memory_format])
    print("before", resident("VmRSS"), flush=True)
    run()
    print("first", flush=True)
    for _ in range(int(runs) - 1):
        run()
    print("peak", resident("VmHWM"), flush=True)


if __name__ == "__main__":
    main()
