#!/usr/bin/env python3
"""Times sweeps of prizecheck's Bayesian factorization machines on ratings of several sizes, and prints a Markdown
table. Called by scripts/measure-bayesian.sh. Needs Python alone.

The ratings have MovieLens's shape: users rate 100 to 165 items on average, of a number that grows as the root of the
ratings does; popular items are rated more; every user rates within a month of his own. All from one fixed seed.
"""
import argparse
import json
import os
import random
import statistics
import sys

import machine
from program import Missing, measured

SEED = 1
ALGORITHMS = ("bayesian-mf", "bayesian-time-svd++-flipped")


def write_ratings(path, count):
    """`count` lines user,item,rating,timestamp with distinct pairs."""
    draw = random.Random(count)
    users, items = max(count // 165, 20), max(int(3700 * (count / 1e6) ** 0.5), 20)
    written = 0
    with open(path + ".part", "w") as file:
        file.write("user,item,rating,timestamp\n")
        for user in range(users):
            wanted = (count - written) // (users - user)
            if user < users - 1:
                wanted = min(int(wanted * draw.lognormvariate(-0.32, 0.8)) + 1, count - written, items // 2)
            rated = set()
            while len(rated) < wanted:
                rated.add(int(items * draw.random() ** 1.8))
            start, own = 1_000_000_000 + draw.randrange(1000) * 86_400, draw.gauss(0, 0.4)
            lines = []
            for item in rated:
                number = 3.5 + own + 0.5 * ((item * 7919 % 1000) / 500 - 1) + draw.gauss(0, 0.9)
                stars = min(max(round(number), 1), 5)
                lines.append(f"{user},{item},{stars},{start + draw.randrange(30 * 86_400)}\n")
            file.write("".join(lines))
            written += len(lines)
            if written >= count:
                break
    os.replace(path + ".part", path)
    return written


def train(tool, path, algorithm, factors, sweeps, threads):
    """Seconds of the training alone, and the process's peak memory in MiB."""
    command = [tool, "train", path, "--algorithm", algorithm, "--factors", str(factors), "--sweeps", str(sweeps),
               "--set", "burn-in=0", "--set", f"thinning={sweeps}", "--threads", str(threads), "--seed", str(SEED),
               "--format", "json"]
    try:
        output, _, peak = measured(command)
    except Missing as reason:
        sys.exit(f"measure-bayesian: {reason}")
    return json.loads(output)["seconds"], peak / 2**20


def sweep(options, path, algorithm, factors, few):
    """Medians of the seconds of a sweep, the difference of a longer and a shorter training, and of the peak memory."""
    seconds, memory = [], []
    for _ in range(options.runs):
        short, _ = train(options.tool, path, algorithm, factors, 1, options.threads)
        # At least half a second of sweeps.
        more = few
        long, peak = train(options.tool, path, algorithm, factors, 1 + more, options.threads)
        while long - short < 0.5 and more < 500:
            more *= 4
            long, peak = train(options.tool, path, algorithm, factors, 1 + more, options.threads)
        seconds.append((long - short) / more)
        memory.append(peak)
    return statistics.median(seconds), statistics.median(memory)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=machine.threads())
    for name in ("ratings", "factors"):
        parser.add_argument("--" + name, type=lambda text: [int(n) for n in text.split(",")], required=True)
    options = parser.parse_args()
    print(machine.describe(options.tool, []))
    print(f"\nSeconds per sweep, one chain, Gaussian likelihood, {options.threads} threads, medians of {options.runs} "
          f"run{'s' * (options.runs > 1)}: the difference of two trainings. Seed {SEED}. Printed by "
          f"`scripts/measure-bayesian.sh`.\n")
    print("| algorithm | ratings | factors | s per sweep | M ratings/s | ns per rating and factor | peak MiB |\n"
          f"{'|---' * 7}|")
    for size in options.ratings:
        path = f"{options.folder}/ratings-{size}.csv"
        if not os.path.exists(path):
            print(f"measure-bayesian: writing {size} ratings", file=sys.stderr)
            write_ratings(path, size)
        with open(path, "rb") as file:
            count = sum(1 for _ in file) - 1
        for algorithm in ALGORITHMS:
            for factors in options.factors:
                seconds, memory = sweep(options, path, algorithm, factors, 2)
                print(f"| {algorithm} | {count} | {factors} | {seconds:.4f} | {count / seconds / 1e6:.2f} | "
                      f"{seconds / count / factors * 1e9:.2f} | {memory:.0f} |", flush=True)


main()
