#!/usr/bin/env python3
"""Judges a prediction file in Netflix format against its answers, as a good Python + NumPy script does it.

Usage: judge_numpy.py PREDICTIONS ANSWERS BASELINE THRESHOLD [--trust-answers]

The reference that `prizecheck check` is timed against (scripts/measure-speed.sh). It does the same work: every movie
line must agree, every row must hold a finite prediction, every field of the answers is read and checked, the two files
must have the same rows; then RMSE, MAE, the improvement on the baseline, and the verdict. It parses in bulk: no Python
statement runs once per row.

With --trust-answers it only picks the rating out of each line of the answers, one digit at a fixed distance from the
line's end, and leaves customers and dates unread: less work than prizecheck does, the least that can be called judging.
"""
import decimal
import sys

import numpy as np

NEWLINE, COLON, COMMA, DASH = b"\n:,-"


def read_blocks(path):
    """The lines of a file: its text, the end of each line, and which lines name a movie."""
    with open(path, "rb") as file:
        text = file.read()
    if not text.endswith(b"\n"):
        text += b"\n"
    data = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(data == NEWLINE)
    return text, data, ends, data[ends - 1] == COLON


def read_predictions(path):
    """Movie ids and predictions; one line, one number."""
    text, _, ends, is_movie = read_blocks(path)
    values = np.fromstring(text.replace(b":", b" "), dtype=np.float64, sep=" ")
    if len(values) != len(ends):
        sys.exit(f"{path}: {len(ends)} lines, {len(values)} numbers")
    predictions = values[~is_movie]
    if not np.isfinite(predictions).all():
        sys.exit(f"{path}: a prediction is not finite")
    return values[is_movie].astype(np.int64), predictions, is_movie


def whole_numbers(data, starts, ends):
    """The whole numbers in data[starts[i]..<ends[i]], digit by digit for all rows at once; None if one is no number."""
    widths = ends - starts
    if widths.min() < 1 or widths.max() > 9:
        return None
    values = np.zeros(len(starts), dtype=np.int64)
    for position in range(widths.max()):
        there = widths > position
        digits = data[np.where(there, starts + position, starts)].astype(np.int64) - ord("0")
        if ((digits < 0) | (digits > 9)).any():
            return None
        values = np.where(there, values * 10 + digits, values)
    return values


def read_answers(path):
    """Movie ids and ratings, of rows `customer,rating,year-month-day` in which every field is checked."""
    _, data, ends, is_movie = read_blocks(path)
    starts = np.concatenate(([0], ends[:-1] + 1))
    movies = whole_numbers(data, starts[is_movie], ends[is_movie] - 1)
    starts, ends = starts[~is_movie], ends[~is_movie]
    commas = np.flatnonzero(data == COMMA)
    if len(commas) != 2 * len(ends):
        sys.exit(f"{path}: a line is not customer,rating,date")
    first, second = commas[0::2], commas[1::2]
    if not ((first > starts) & (second < ends) & (ends - second == 11)).all():
        sys.exit(f"{path}: a line is not customer,rating,date")
    customers = whole_numbers(data, starts, first)
    ratings = whole_numbers(data, first + 1, second)
    year, month, day = (whole_numbers(data, second + at, second + at + n) for at, n in ((1, 4), (6, 2), (9, 2)))
    if any(field is None for field in (movies, customers, ratings, year, month, day)):
        sys.exit(f"{path}: a field is not a whole number")
    if not ((data[second + 5] == DASH) & (data[second + 8] == DASH)).all():
        sys.exit(f"{path}: a date is not year-month-day")
    if not ((customers >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all():
        sys.exit(f"{path}: a customer or a date is out of range")
    if not ((ratings >= 1) & (ratings <= 5)).all():
        sys.exit(f"{path}: a rating is not 1...5")
    return movies, ratings.astype(np.float64), is_movie


def pick_ratings(path):
    """Movie ids and ratings, of rows that are taken to end in `,rating,date` with one digit and ten characters."""
    text, data, ends, is_movie = read_blocks(path)
    row_ends = ends[~is_movie]
    if not ((data[row_ends - 11] == COMMA) & (data[row_ends - 13] == COMMA)).all():
        sys.exit(f"{path}: a line is not customer,rating,date")
    ratings = data[row_ends - 12].astype(np.float64) - ord("0")
    if not ((ratings >= 1) & (ratings <= 5)).all():
        sys.exit(f"{path}: a rating is not 1...5")
    starts = np.concatenate(([0], ends[:-1] + 1))
    movies = [int(text[start:end - 1]) for start, end in zip(starts[is_movie].tolist(), ends[is_movie].tolist())]
    return np.array(movies, dtype=np.int64), ratings, is_movie


def main():
    predictions_path, answers_path, baseline, threshold = sys.argv[1:5]
    movies, predictions, layout = read_predictions(predictions_path)
    read = pick_ratings if "--trust-answers" in sys.argv[5:] else read_answers
    answer_movies, ratings, answer_layout = read(answers_path)
    if len(layout) != len(answer_layout) or not (layout == answer_layout).all():
        sys.exit("the two files do not have the same lines")
    if not (movies == answer_movies).all():
        sys.exit("the movie lines differ")

    errors = predictions - ratings
    rmse = float(np.sqrt(np.dot(errors, errors) / len(errors)))
    mae = float(np.abs(errors).mean())
    score = decimal.Decimal(rmse).quantize(decimal.Decimal("0.0001"), decimal.ROUND_HALF_UP)
    improvement = 100 * (1 - score / decimal.Decimal(baseline))
    qualifies = score <= decimal.Decimal(threshold)
    print(f"n {len(errors)} rmse {rmse:.10f} rounded {score} mae {mae:.6f} improvement {improvement:.2f}%")
    print("qualifies" if qualifies else "does not qualify")
    sys.exit(0 if qualifies else 1)


main()
