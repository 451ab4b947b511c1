#!/usr/bin/env python3
"""Writes a prediction file and its answers of the size and shape of the Netflix Prize's qualifying set.

Usage: make_netflix_pair.py FOLDER [ROWS] [MOVIES]

FOLDER/predictions.txt: blocks `movie:` then one prediction with four decimals per line.
FOLDER/answers.txt: the same blocks with `customer,rating,date`. All figures are random, from a fixed seed: the
predictions are the ratings plus noise that brings their RMSE near 0.857.
"""
import sys

import numpy as np


def main():
    folder = sys.argv[1]
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 2_817_131
    movies = int(sys.argv[3]) if len(sys.argv) > 3 else 17_770
    random = np.random.default_rng(20061002)

    # Popularity falls off as a power of the rank; every movie has a row.
    weights = np.arange(1, movies + 1) ** -0.9
    random.shuffle(weights)
    counts = 1 + random.multinomial(rows - movies, weights / weights.sum())

    ratings = random.choice(5, size=rows, p=[0.05, 0.10, 0.29, 0.33, 0.23]) + 1
    predictions = ratings + random.normal(0, 0.857, rows)
    customers = random.integers(1, 2_649_430, rows)
    days = random.integers(0, 300, rows)
    dates = np.datetime_as_string(np.datetime64("2005-03-07") + days.astype("timedelta64[D]"))

    with open(f"{folder}/predictions.txt", "w") as predicted, open(f"{folder}/answers.txt", "w") as answers:
        start = 0
        for movie, count in enumerate(counts, 1):
            end = start + count
            # A prize set asks about a customer once for each movie.
            ids = np.unique(customers[start:end])
            while len(ids) < count:
                ids = np.unique(np.concatenate((ids, random.integers(1, 2_649_430, count - len(ids)))))
            random.shuffle(ids)
            predicted.write(f"{movie}:\n" + "".join([f"{value:.4f}\n" for value in predictions[start:end].tolist()]))
            answers.write(f"{movie}:\n" + "".join([
                f"{user},{rating},{date}\n"
                for user, rating, date in zip(ids.tolist(), ratings[start:end].tolist(), dates[start:end].tolist())
            ]))
            start = end


main()
