#!/usr/bin/env python3
"""Times prizecheck's Bayesian factorization machines and myFM on the same ratings, one after the other in each
round, and prints Markdown tables: sweeps per second, and the time in which each reaches myFM's final error.

Called by scripts/compare-peers.sh (section `bayesian`), which makes the data and installs myFM. A peer that isn't
there, or an algorithm that this prizecheck lacks, is a row that says so.
"""
import argparse
import json
import os
import statistics
import sys

import machine
from program import Missing, run

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 1
# Not averaged: as many as myFM leaves out.
BURN_IN = 5


def last_line(command):
    """The object that a program prints last."""
    return json.loads(run(command).strip().splitlines()[-1])


def myfm(data, design, factors, sweeps):
    return last_line([sys.executable, "-W", "ignore", f"{HERE}/fit_myfm.py", data, "--design", design, "--factors",
                str(factors), "--sweeps", str(sweeps), "--seed", str(SEED)])


def ours(tool, files, algorithm, factors, sweeps, threads):
    result = last_line([tool, "train", *files, "--algorithm", algorithm, "--factors", str(factors), "--sweeps", str(sweeps),
                  "--set", f"burn-in={min(BURN_IN, sweeps - 1)}", "--set", "thinning=1", "--threads", str(threads),
                  "--seed", str(SEED), "--format", "json"])
    return {"sweeps": sweeps, "each": result["seconds_per_epoch"], "seconds": result["seconds"],
            "rmse": result["test"]["rmse_clipped"]}


def fewest_sweeps(fit, target, most):
    """The smallest number of sweeps, of a few, after which our error is at most `target`; None where none is enough."""
    for sweeps in (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512):
        if sweeps > most:
            break
        if fit(sweeps)["rmse"] <= target:
            return sweeps
    return None


def median(results):
    return {key: statistics.median(result[key] for result in results) for key in ("each", "seconds", "rmse")}


def compare(title, note, options, data, files, design, algorithm, factors, sweeps):
    enough = {}
    results = {"myFM": []} | {threads: [] for threads in options.threads}
    reached = {threads: [] for threads in options.threads}
    missing = {}
    for _ in range(options.runs):
        for name in results:
            if name in missing:
                continue
            try:
                if name == "myFM":
                    results[name].append(myfm(data, design, factors, sweeps))
                    continue
                fit = lambda count: ours(options.tool, files, algorithm, factors, count, name)
                results[name].append(fit(sweeps))
                if results["myFM"]:
                    target = statistics.median(result["rmse"] for result in results["myFM"])
                    if name not in enough:
                        enough[name] = fewest_sweeps(fit, target, 2 * sweeps)
                    if enough[name]:
                        reached[name].append(fit(enough[name]))
            except Missing as reason:
                missing[name] = str(reason)
    print(f"\n### {title}\n\n{note}\n")
    columns = ["program", "threads", "factors", "sweeps", "sweeps/s", "times as fast", "seconds in all", "test RMSE",
               "sweeps to myFM's RMSE", "seconds to it", "share of myFM's time"]
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    peer = median(results["myFM"]) if results["myFM"] and "myFM" not in missing else None
    for name in results:
        label = "myFM | 1" if name == "myFM" else f"RatingBench {algorithm} | {name}"
        if name in missing:
            print(f"| {label} | {factors} | not available: {missing[name]} | | | | | | | |")
            continue
        result = median(results[name])
        cells = [label, factors, sweeps, f"{1 / result['each']:.1f}"]
        cells.append(f"{peer['each'] / result['each']:.1f}" if peer and name != "myFM" else "")
        cells += [f"{result['seconds']:.2f}", f"{result['rmse']:.4f}"]
        if peer and name != "myFM":
            if reached[name]:
                seconds = median(reached[name])["seconds"]
                cells += [enough[name], f"{seconds:.2f}", f"{seconds / peer['seconds']:.0%}"]
            else:
                cells += ["NOT REACHED", "", ""]
        else:
            cells += ["", "", ""]
        print(f"| {' | '.join(map(str, cells))} |")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser()
    for name in ("tool", "small", "movielens"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")],
                        default=sorted({1, min(2, machine.threads())}))
    parser.add_argument("--sweeps", type=lambda text: [int(n) for n in text.split(",")], default=[32, 256],
                        help="of myFM in the first and the second table")
    options = parser.parse_args()
    print(machine.describe(options.tool, [("myFM", "myfm"), ("NumPy", "numpy"), ("SciPy", "scipy")]))
    print(f"\nMedians of {options.runs} run{'s' * (options.runs > 1)}, one program after the other in each round. "
          f"Seconds are those of the fit alone, from ratings in memory, set-up included; a sweep of myFM is the "
          f"difference of two fits. Test RMSE of the mean over all but the first {BURN_IN} sweeps, clipped to 1...5; "
          f"who rated what is taken from training pairs alone. Seed {SEED}. Printed by `scripts/compare-peers.sh`.")
    compare("Bayesian factorization of users and items, 0.95 million ratings",
            "6,040 users and 3,700 items. Gaussian likelihood.", options, options.small,
            [f"{options.small}/train.csv", "--test", f"{options.small}/test.csv"], "mf", "bayesian-mf", 32,
            options.sweeps[0])
    if not os.path.exists(f"{options.movielens}/u1.base"):
        print("\n### Bayesian time-SVD++, flipped, MovieLens 100K\n\nNot available: RATINGBENCH_DATA has no "
              "ml-100k/u1.base.")
        return
    compare("Bayesian time-SVD++, flipped, MovieLens 100K (u1)",
            "Users, items, days, the items that a user rated and the users who rated an item; in myFM as relation "
            "blocks. Gaussian likelihood.", options, f"{options.movielens}/u1",
            [f"{options.movielens}/u1.base", "--test", f"{options.movielens}/u1.test"], "flipped",
            "bayesian-time-svd++-flipped", 10, options.sweeps[1])


main()
