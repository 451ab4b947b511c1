"""What the peers' programs (fit_*.py) share: reading ratings, scoring predictions, and the line that they print.

A program fits its model once for each number of epochs and prints one line of JSON for each:
{"peer": ..., "version": ..., "factors": ..., "epochs": ..., "threads": ..., "seconds": ..., "rmse": ...}
`seconds` is the fit alone, with its set-up, from arrays in memory. `rmse` is over all test rows, clipped to the scale.
"""
import argparse
import json
import os
import time
from importlib import metadata

import numpy as np


class Ratings:
    """Columns of equal length; users and items are numbers from 0."""

    def __init__(self, users, items, ratings):
        self.users, self.items, self.ratings = users, items, ratings

    def __len__(self):
        return len(self.users)


def load(data):
    """Training and test rows: of a folder that make_synthetic.py wrote, or of DATA.base and DATA.test (MovieLens)."""
    if os.path.isdir(data):
        users, items = (np.fromfile(f"{data}/{name}.bin", dtype=np.int32) for name in "ui")
        ratings = np.fromfile(f"{data}/r.bin", dtype=np.float32)
        with open(f"{data}/about.json") as file:
            test = json.load(file)["test"]
        return (Ratings(users[test:], items[test:], ratings[test:]),
                Ratings(users[:test], items[:test], ratings[:test]))
    return tuple(
        Ratings(table[:, 0] - 1, table[:, 1] - 1, table[:, 2].astype(np.float32))
        for table in (np.loadtxt(f"{data}.{part}", dtype=np.int32) for part in ("base", "test")))


def rmse(predictions, test, low=1, high=5):
    errors = test.ratings - np.clip(np.asarray(predictions, dtype=np.float64), low, high)
    return float(np.sqrt(np.mean(errors ** 2)))


def dots(users, items, rows, columns):
    """The dot products of the users' factors with the items', a part at a time: all at once would not fit in memory."""
    result = np.empty(len(rows), dtype=np.float64)
    for start in range(0, len(rows), 100_000):
        part = slice(start, start + 100_000)
        result[part] = np.einsum("nk,nk->n", users[rows[part]], items[columns[part]])
    return result


def run(peer, package, fit, **options):
    """Parses the arguments, fits once for each number of epochs, and prints what came of it.

    `fit(train, epochs, arguments)` returns (seconds, predict); `predict(test)` returns predictions, or None where the
    model predicts no ratings. `options` are more arguments of the program, with their defaults.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--factors", type=int)
    parser.add_argument("--epochs", required=True, help="a list such as 5,20")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    for name, default in options.items():
        parser.add_argument("--" + name.replace("_", "-"), default=default, type=type(default))
    arguments = parser.parse_args()
    train, test = load(arguments.data)
    for epochs in map(int, arguments.epochs.split(",")):
        seconds, predict = fit(train, epochs, arguments)
        predictions = predict(test)
        print(json.dumps({
            "peer": peer, "version": metadata.version(package), "factors": arguments.factors, "epochs": epochs,
            "threads": arguments.threads, "seconds": seconds, "ratings": len(train),
            "rmse": None if predictions is None else rmse(predictions, test),
        }), flush=True)


def timed(body):
    """Wall seconds of a call, and what it returned."""
    start = time.perf_counter()
    result = body()
    return time.perf_counter() - start, result
