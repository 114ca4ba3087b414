"""Images to train on: MNIST by its path, or scikit-learn's digits.

Main results
    read    the data, and where they are from
    labels  what they show
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from numerics import tables
from numerics.layouts import Layout
from numerics.training.data import Data, from_samples

NAMES = {"train": ("train", "x_train"), "test": ("test", "x_test")}
"""What files call the arrays of training and of test images."""
LABELS = {"train": ("train_labels", "y_train"), "test": ("test_labels", "y_test")}


def read(path: str | None, layout: Layout = Layout(), which: str = "train") -> tuple[Data, dict[str, Any]]:  # noqa: B008
    """Images with pixels in [0, 1], centred, and where they are from; scikit-learn's digits without a path.

    Parameters
    ----------
    path : str, optional
        FILE.npy, FILE.npz or FILE.npz:ARRAY; an image a row, or a matrix each. Bytes are divided by 255.
    layout : Layout
        What is known of it; the labels of a text are left out by its `columns`.
    which : "train" or "test"
        The images of MNIST; of digits all of them.

    Raises
    ------
    ValueError
        If the file cannot be read or does not hold images.
    """
    if path is None:
        table, divisor = _rows("digits", layout), 16.0
    else:
        table = _rows(_array_in(path, NAMES[which]), layout)
        divisor = 255.0 if table.dtype == np.uint8 else 1.0
    source = {"images": "digits" if path is None else Path(path).name, "divisor": divisor, "samples": len(table)}
    return from_samples(table, divisor=divisor), source


def _rows(text: str, layout: Layout) -> np.ndarray:
    return tables.whole(tables.open_table(text, name="mnist", layout=layout))


def labels(path: str | None, which: str = "train") -> np.ndarray:
    """The digit that each image shows; a single zero where a file does not say."""
    if path is None:
        from sklearn.datasets import load_digits

        return np.asarray(load_digits().target)
    file, _, _ = path.partition(":")
    wanted = _array_in(file, LABELS[which]).removeprefix(file).removeprefix(":")
    if not wanted:
        return np.zeros(1, dtype=int)
    with np.load(file) as arrays:
        return np.asarray(arrays[wanted], dtype=int).ravel()


def _array_in(path: str, names: tuple[str, ...]) -> str:
    """The path with the one of these names that it holds, where a file holds several arrays."""
    if not (path.endswith(".npz") and Path(path).is_file()):
        return path
    try:
        with np.load(path) as arrays:
            known = [name for name in names if name in arrays.files]
    except (OSError, ValueError):
        return path  # tables says what is wrong with it
    return f"{path}:{known[0]}" if known else path
