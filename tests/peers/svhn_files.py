"""Writes SVHN's two MAT-files with SciPy, compressed and not, with y of several types: FOLDER/TYPE-COMPRESSED/train_32x32.mat."""

import os
import sys

import numpy
import scipy.io

for kind in ("uint8", "int8", "int16", "uint32", "int64", "float32", "float64"):
    for compressed in (False, True):
        folder = os.path.join(sys.argv[1], f"{kind}-{compressed}")
        os.mkdir(folder)
        for name, count in (("train", 13), ("test", 2)):
            row, column, channel, image = numpy.indices((32, 32, 3, count))
            pixels = (37 * image + 5 * row + 11 * column + 101 * channel + row * column) % 256
            digits = numpy.arange(count).reshape(-1, 1) % 10 + 1
            scipy.io.savemat(
                os.path.join(folder, f"{name}_32x32.mat"),
                {
                    "note": "not wanted",
                    "more": {"nested": numpy.ones((3, 3))},
                    "X": pixels.astype(numpy.uint8),
                    "y": digits.astype(kind),
                },
                do_compression=compressed,
            )
