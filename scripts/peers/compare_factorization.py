#!/usr/bin/env python3
"""Times matrix factorizations of prizecheck and its peers on the same ratings, one after the other in each round, and
prints Markdown tables: speed beside the error that it buys.

Called by scripts/compare-peers.sh, which makes the data and installs the peers. A peer that isn't there, or an
algorithm that this prizecheck lacks, is a row that says so.
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
PEERS = [("LIBMF", "libmf"), ("Surprise", "scikit-surprise"), ("Cornac", "cornac"), ("LensKit", "lenskit"),
         ("implicit", "implicit"), ("NumPy", "numpy")]
# One setting for each comparison, the same for all numbers of factors. LIBMF's is that of the table that this repeats.
LIBMF_EPOCHS, LIBMF_SETTING = 20, ["--regularization", "0.05", "--rate", "0.1"]
OUR_SGD = ["--regularization", "0.05"]
OUR_ALS = []


class Peer:
    """A program fit_NAME.py with its arguments."""

    def __init__(self, title, program, *arguments, threads):
        self.title, self.threads = title, threads
        self.command = [sys.executable, "-W", "ignore", f"{HERE}/fit_{program}.py"]
        self.arguments = [*arguments, "--threads", str(threads), "--seed", str(SEED)]

    def fit(self, data, epochs, factors=None):
        """One result for each number of epochs."""
        command = [*self.command, data, *self.arguments, "--epochs", ",".join(map(str, epochs))]
        if factors:
            command += ["--factors", str(factors)]
        return [json.loads(line) for line in run(command).splitlines() if line.startswith("{")]

    def time(self, data, epochs, factors):
        """Seconds of an epoch (the difference of two fits) and of the longer fit, and its error."""
        short, long = self.fit(data, epochs, factors)
        each = (long["seconds"] - short["seconds"]) / (epochs[1] - epochs[0])
        return {"epochs": epochs[1], "each": each, "seconds": long["seconds"], "rmse": long["rmse"],
                "speed": long["ratings"] / each}


class Ours:
    """prizecheck train with its arguments."""

    def __init__(self, tool, algorithm, *arguments, threads, count="--epochs"):
        self.title, self.threads, self.count = f"RatingBench {algorithm}", threads, count
        self.command = [tool, "train", "--algorithm", algorithm, *arguments, "--threads", str(threads), "--seed",
                        str(SEED), "--format", "json"]

    def fit(self, training, test, epochs=None, factors=None):
        command = [*self.command, training, "--test", test]
        if epochs:
            command += [self.count, str(epochs)]
        if factors:
            command += ["--factors", str(factors)]
        return json.loads(run(command))

    def time(self, data, epochs, factors):
        result = self.fit(f"{data}/train.csv", f"{data}/test.csv", epochs, factors)
        return {"epochs": epochs, "each": result["seconds_per_epoch"], "seconds": result["seconds"],
                "rmse": result["test"]["rmse_clipped"], "speed": result["ratings_per_second"]}


def medians(results):
    return {key: statistics.median(result[key] for result in results) if results[0][key] is not None else None
            for key in results[0]}


def rounds(programs, runs):
    """`runs` rounds in which every program runs once. Per program: the medians of its figures, or why it has none."""
    results, missing = {name: [] for name, _ in programs}, {}
    for _ in range(runs):
        for name, program in programs:
            if name not in missing:
                try:
                    results[name].append(program())
                except Missing as reason:
                    missing[name] = str(reason)
    return {name: missing.get(name) or medians(results[name]) for name, _ in programs}


def show(title, note, rows):
    """`rows`: (program, threads, factors, result, result that it is compared with or None)."""
    print(f"\n### {title}\n\n{note}\n")
    columns = ["program", "threads", "factors", "epochs", "s per epoch", "M ratings/s", "times as fast",
               "seconds in all", "test RMSE"]
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    for program, threads, factors, result, other in rows:
        if isinstance(result, str):
            print(f"| {program} | {threads} | {factors} | not available: {result} | | | | | |")
            continue
        ratio = f"{result['speed'] / other['speed']:.2f}" if isinstance(other, dict) else ""
        error = "" if result["rmse"] is None else f"{result['rmse']:.4f}"
        print(f"| {program} | {threads} | {factors} | {result['epochs']:.0f} | {result['each']:.3f} | "
              f"{result['speed'] / 1e6:.2f} | {ratio} | {result['seconds']:.2f} | {error} |")
    sys.stdout.flush()


def fewest_epochs(ours, data, factors, target):
    """The smallest number of epochs after which our error is at most `target`; the most that were tried if none is."""
    for epochs in (5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 25, 30):
        if ours.time(data, epochs, factors)["rmse"] <= target:
            break
    return epochs


def sgd(options):
    peer = Peer("LIBMF", "libmf", *LIBMF_SETTING, threads=options.threads)
    ours = Ours(options.tool, "biased-mf", *OUR_SGD, threads=options.threads)
    rows, remarks = [], []
    for factors in options.factors:
        enough = None
        try:
            target = peer.fit(options.large, [LIBMF_EPOCHS], factors)[0]["rmse"]
            enough = fewest_epochs(ours, options.large, factors, target)
        except Missing:
            pass
        programs = [("peer", lambda: peer.time(options.large, [LIBMF_EPOCHS // 4, LIBMF_EPOCHS], factors)),
                    ("ours", lambda: ours.time(options.large, enough or LIBMF_EPOCHS, factors))]
        results = rounds(programs, options.runs)
        rows.append((peer.title, options.threads, factors, results["peer"], None))
        rows.append((ours.title, options.threads, factors, results["ours"], results["peer"]))
        if all(isinstance(result, dict) for result in results.values()):
            share = results["ours"]["seconds"] / results["peer"]["seconds"]
            reached = "reaches" if results["ours"]["rmse"] <= results["peer"]["rmse"] else "DOES NOT REACH"
            remarks.append(f"{factors} factors: RatingBench {reached} LIBMF's error, in {share:.0%} of the time of "
                           f"LIBMF's {LIBMF_EPOCHS} epochs.")
    show("Stochastic gradient descent, 19 million ratings",
         f"LIBMF: squared loss, l2 {LIBMF_SETTING[1]}, rate {LIBMF_SETTING[3]}, no biases. RatingBench: with biases, "
         f"{' '.join(OUR_SGD)}, as many epochs as bring its error to that of LIBMF's {LIBMF_EPOCHS} epochs. "
         f"LIBMF build: {options.libmf_build}.", rows)
    for remark in remarks:
        print(f"\n{remark}")


def als(options):
    factors, sweeps = 64, 6
    runs = max(1, options.runs // 3)
    peer = Peer("LensKit BiasedMFScorer, exact", "lenskit", threads=options.threads)
    ours = Ours(options.tool, "als", *OUR_ALS, threads=options.threads, count="--sweeps")
    results = rounds([("peer", lambda: peer.time(options.large, [2, sweeps], factors)),
                      ("ours", lambda: ours.time(options.large, sweeps, factors))], runs)
    show("Alternating least squares, 19 million ratings",
         "A sweep solves for all users and all items once. Every program with its own default regularization.",
         [(peer.title, options.threads, factors, results["peer"], None),
          (ours.title, options.threads, factors, results["ours"], results["peer"])])


def implicit(options):
    factors = 64
    peers = [Peer(f"implicit ALS, {title}", "implicit", "--solver", solver, threads=options.threads)
             for title, solver in (("exact", "exact"), ("conjugate gradient", "cg"))]
    results = rounds([(peer.title, lambda peer=peer: peer.time(options.large, [2, 3], factors)) for peer in peers],
                     max(1, options.runs // 3))
    show("Alternating least squares on implicit feedback, the same data",
         "Another problem than the one above (all pairs count, not the rated ones alone), for the time of a sweep.",
         [(peer.title, options.threads, factors, results[peer.title], None) for peer in peers])


def small(options):
    def table(title, note, factors, peers, ours, epochs, runs):
        programs = [(peer.title, lambda peer=peer: peer.time(options.small, epochs[peer.title], factors))
                    for peer in peers]
        programs.append((ours.title, lambda: ours.time(options.small, epochs[ours.title], factors)))
        results = rounds(programs, runs)
        rows = [(peer.title, peer.threads, factors, results[peer.title], None) for peer in peers]
        rows.append((ours.title, ours.threads, factors, results[ours.title], results[peers[0].title]))
        show(title, note, rows)

    surprise = Peer("Surprise SVD", "surprise", "--algorithm", "SVD", threads=1)
    cornac = Peer("Cornac MF", "cornac", threads=options.threads)
    ours = Ours(options.tool, "biased-mf", threads=options.threads)
    table("Stochastic gradient descent, 0.95 million ratings",
          "6,040 users and 3,700 items. Every program with its own defaults; compared with Surprise.", 100,
          [surprise, cornac], ours, {surprise.title: [2, 5], cornac.title: [5, 20], ours.title: 20}, options.runs)
    plus = Peer("Surprise SVDpp", "surprise", "--algorithm", "SVDpp", threads=1)
    ours = Ours(options.tool, "svd++", threads=options.threads)
    table("SVD++, 0.95 million ratings", "6,040 users and 3,700 items. Every program with its own defaults.", 20,
          [plus], ours, {plus.title: [1, 2], ours.title: 20}, 1)


def accuracy(options):
    folds = [f"{options.movielens}/u{fold}" for fold in range(1, 6)]
    if not all(os.path.exists(f"{fold}.{part}") for fold in folds for part in ("base", "test")):
        print("\n### Accuracy on MovieLens 100K\n\nNot available: RATINGBENCH_DATA has no ml-100k/u1.base.")
        return
    programs = [
        ("Surprise SVD", Peer("", "surprise", "--algorithm", "SVD", threads=1), 20),
        ("Surprise SVDpp", Peer("", "surprise", "--algorithm", "SVDpp", threads=1), 20),
        ("Cornac MF", Peer("", "cornac", threads=1), 20),
        ("LIBMF", Peer("", "libmf", "--regularization-l1", "0.04", threads=options.threads), 20),
        ("LensKit BiasedMFScorer", Peer("", "lenskit", threads=options.threads), 10),
    ]
    programs += [(f"RatingBench {name}", Ours(options.tool, name, threads=options.threads), None)
                 for name in ("biases", "biased-mf", "als", "svd++", "asymmetric-svd", "time-svd++", "nmf")]
    print("\n### Accuracy on MovieLens 100K\n\nTest RMSE, clipped, of the five official folds; every program as it is, "
          "with its own defaults.\n")
    print("| program | u1 | u2 | u3 | u4 | u5 | mean | seconds, 5 fits |\n|---|---|---|---|---|---|---|---|")
    for title, program, epochs in programs:
        if "SVDpp" in title and not options.slow:
            continue
        try:
            if isinstance(program, Ours):
                fits = [program.fit(f"{fold}.base", f"{fold}.test") for fold in folds]
                errors = [fit["test"]["rmse_clipped"] for fit in fits]
            else:
                fits = [program.fit(fold, [epochs])[0] for fold in folds]
                errors = [fit["rmse"] for fit in fits]
            cells = [f"{error:.4f}" for error in [*errors, statistics.mean(errors)]]
            print(f"| {title} | {' | '.join(cells)} | {sum(fit['seconds'] for fit in fits):.1f} |", flush=True)
        except Missing as reason:
            print(f"| {title} | not available: {reason} | | | | | | |", flush=True)


SECTIONS = {"sgd": sgd, "als": als, "implicit": implicit, "small": small, "accuracy": accuracy}


def main():
    parser = argparse.ArgumentParser()
    for name in ("tool", "large", "small", "movielens"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--libmf-build", default="as its package builds it")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=machine.threads())
    parser.add_argument("--factors", type=lambda text: [int(n) for n in text.split(",")], default=[32, 64, 128])
    parser.add_argument("--only", choices=SECTIONS, nargs="*", default=list(SECTIONS))
    parser.add_argument("--slow", action="store_true", help="SVDpp on MovieLens 100K too")
    options = parser.parse_args()
    print(machine.describe(options.tool, PEERS))
    print(f"\nMedians of {options.runs} run{'s' * (options.runs > 1)}, one program after the other in each round "
          f"(1 run where a peer takes minutes). Seconds are those of training alone, from ratings in memory, set-up "
          f"included; an epoch of a peer is the difference of two trainings. Test RMSE over all test rows, clipped to "
          f"1...5. Seed {SEED}. Printed by `scripts/compare-peers.sh`.")
    for name in options.only:
        SECTIONS[name](options)


main()
