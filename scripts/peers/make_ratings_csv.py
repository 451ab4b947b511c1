#!/usr/bin/env python3
"""Writes ratings as MovieLens does (`userId,movieId,rating,timestamp`, half stars), with no pair twice.

Usage: make_ratings_csv.py FILE ROWS

All figures are random, from a fixed seed: popularity and activity fall off as they do in real sets, ids have gaps, rows
are sorted by user. It needs about 100 bytes of memory per row.
"""
import sys

import numpy as np
import polars


def main():
    path, rows = sys.argv[1], int(sys.argv[2])
    users, items = max(rows // 145, 1), max(min(rows // 750, 27_000), 1)
    random = np.random.default_rng(1995)
    weights = np.arange(1, items + 1) ** -0.8
    random.shuffle(weights)
    edges = np.cumsum(weights / weights.sum())
    activity = np.cumsum(random.lognormal(0, 1, users))
    activity /= activity[-1]

    # Draw pairs, keep the distinct ones, until there are enough; then drop some at random.
    pairs = np.empty(0, dtype=np.int64)
    while len(pairs) < rows:
        more = 2 * (rows - len(pairs)) + 1000
        drawn = np.searchsorted(activity, np.sort(random.random(more))).clip(max=users - 1) * items
        drawn += np.searchsorted(edges, random.random(more)).clip(max=items - 1)
        pairs = np.sort(np.concatenate((pairs, drawn)))
        pairs = pairs[np.concatenate(([True], np.diff(pairs) > 0))]
    kept = np.zeros(len(pairs), dtype=bool)
    kept[:rows] = True
    random.shuffle(kept)
    pairs = pairs[kept]

    item_ids = np.sort(random.choice(5 * items, items, replace=False)) + 1
    polars.DataFrame({
        "userId": pairs // items + 1,
        "movieId": item_ids[pairs % items],
        "rating": np.clip(np.round(random.normal(7, 2, rows)), 1, 10) / 2,
        "timestamp": random.integers(789_652_009, 1_427_784_002, rows),
    }).write_csv(path)


main()
