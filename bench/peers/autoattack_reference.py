"""Measures the robust accuracy of Jarn's MNIST classifiers under the original AutoAttack, to compare Jarn's own with it.

Usage: autoattack_reference.py --data FOLDER --examples 1000 --epsilon 0.3 MODEL.safetensors...

It needs PyTorch, the package `autoattack` (github.com/fra31/auto-attack, not part of Jarn), and MNIST's test images and labels in FOLDER. The
images are those of Jarn's audit: the first of each class in the order of the file, then the second of each class, and so on.

It prints JSON. For each model, it gives the share of all images, in %, that withstand each attack and the attacks before it (or each attack alone, with
--individually), and the seconds that each attack took.
"""
import argparse
import gzip
import json
import os
import sys
import time

import numpy
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "peers"))
from jarn_step import centre_and_normalise, classifier, read_safetensors, to_torch

STANDARD = ["apgd-ce", "apgd-t", "fab-t", "square"]
PLUS = ["apgd-ce", "apgd-dlr", "fab", "square", "apgd-t", "fab-t"]
BATCH = 250


def read_idx(folder, name):
    path = os.path.join(folder, name)
    with (open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz", "rb")) as file:
        data = file.read()
    shape = numpy.frombuffer(data[4:4 + 4 * data[3]], dtype=">i4")
    return numpy.frombuffer(data[4 + 4 * data[3]:], dtype=numpy.uint8).reshape(shape)


def balanced(labels, count):
    """Places of the first image of each class, then of the second of each, and so on, in the order of the file."""
    rounds = numpy.zeros(len(labels), dtype=int)
    for label in numpy.unique(labels):
        rounds[labels == label] = numpy.arange((labels == label).sum())
    return numpy.sort(numpy.lexsort((labels, rounds))[:count])


class Classifier(torch.nn.Module):
    def __init__(self, path):
        super().__init__()
        tensors, metadata = read_safetensors(path, dtype=torch.float32)
        self.tensors = {f"classifier.{name}": to_torch(value) for name, value in tensors.items()}
        self.input = json.loads(metadata["jarn"])["description"]["input"]

    def forward(self, x):
        x = x * self.input["scale"]
        return classifier(self.tensors, centre_and_normalise(x) if self.input["center_and_normalize"] else x)


def withstand(adversary, attacks, x, y, individually):
    """The share of all images in per cent by attack, clean first, and the seconds."""
    with torch.no_grad():
        robust = torch.cat([adversary.model(batch).argmax(1) for batch in x.split(BATCH)]) == y
    clean = robust.clone()
    accuracy, seconds = {"clean": 100 * robust.sum().item() / len(y)}, {}
    for attack in attacks:
        if individually:
            robust = clean.clone()
        survivors = robust.nonzero().flatten()
        start = time.time()
        if len(survivors) > 0:
            adversary.attacks_to_run = [attack]
            images = adversary.run_standard_evaluation(x[survivors], y[survivors], bs=BATCH)
            with torch.no_grad():
                robust[survivors] = torch.cat([adversary.model(batch).argmax(1) for batch in images.split(BATCH)]) == y[survivors]
        accuracy[attack], seconds[attack] = 100 * robust.sum().item() / len(y), round(time.time() - start, 1)
    return {"accuracy": accuracy, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", metavar="MODEL")
    parser.add_argument("--data", required=True, help="folder with t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, gzipped or not")
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--epsilon", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--version", choices=["standard", "plus"], default="standard")
    parser.add_argument("--attacks", help="run only these attacks of the version, for example apgd-ce,apgd-t")
    parser.add_argument("--individually", action="store_true", help="run each attack on all images that are classified correctly")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    try:
        from autoattack import AutoAttack
    except ModuleNotFoundError:
        print("autoattack_reference.py: the package autoattack is not installed; get it from github.com/fra31/auto-attack", file=sys.stderr)
        return 2
    torch.set_num_threads(arguments.threads)

    labels = read_idx(arguments.data, "t10k-labels-idx1-ubyte")
    places = balanced(labels, arguments.examples)
    x = torch.tensor(read_idx(arguments.data, "t10k-images-idx3-ubyte")[places] / numpy.float32(255)).unsqueeze(1)
    y = torch.tensor(labels[places].astype(numpy.int64))
    attacks = arguments.attacks.split(",") if arguments.attacks else STANDARD if arguments.version == "standard" else PLUS
    report = {"epsilon": arguments.epsilon, "examples": len(places), "version": arguments.version, "torch": torch.__version__, "models": {}}
    for path in arguments.models:
        adversary = AutoAttack(
            Classifier(path), norm="Linf", eps=arguments.epsilon, seed=arguments.seed, version=arguments.version, device="cpu", verbose=False)
        # The package lets a choice of attacks through in this version alone; the settings are those of the version above.
        adversary.version = "custom"
        report["models"][path] = withstand(adversary, attacks, x, y, arguments.individually)
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
