#!/usr/bin/env python3
"""Times what prizecheck does with 1 to 100 million ratings beside what the machine can do, and prints a Markdown table.
Called by scripts/measure-scaling.sh. Needs Python alone.

The ratings are those of `prizecheck generate --preset netflix`: all of them, or a share of the users. What a stage could
do at best follows from the operations or the bytes that it can't do without:

| stage | useful work | limit |
|---|---|---|
| read, tar | the bytes of the text | memory bandwidth, read |
| cache | the bytes of the columns, 16 a rating | memory bandwidth, copy |
| sgd | 8 k operations a rating: 2 k to predict, 6 k to change two rows of k factors | arithmetic |
| als | k^2 operations a rating and side: half of a symmetric k x k update, a multiplication and an addition each; and k^3 / 3 for each user and item: its system | arithmetic |
| svd++ | 11 k operations a rating: as sgd, and k to sum and 2 k to change the implicit factors | arithmetic |
| gibbs | as als: the draw of a row needs the same sums and factorization | arithmetic |
| predict | 8 k bytes a row: two rows of k factors | memory bandwidth, read |
| judge | the bytes of the predictions, the answers, the questions and the membership | memory bandwidth, read |
"""
import argparse
import glob
import json
import os
import statistics
import subprocess
import sys

import machine
from program import Missing, measured

SEED = 1
FACTORS = 64
STAGES = ("cat", "read", "tar", "cache", "sgd", "als64", "als128", "svd++", "gibbs", "predict", "judge")
NAMES = {"cat": "cat \\| wc -l", "read": "read the files", "tar": "read one tar file",
         "cache": "open the cache", "sgd": "SGD epoch, 64 factors",
         "als64": "ALS sweep, 64 factors", "als128": "ALS sweep, 128 factors", "svd++": "SVD++ epoch, 64 factors",
         "gibbs": "Gibbs sweep, 64 factors", "predict": "predict the qualifying set", "judge": "judge it"}
LIMITS = {"cat": "bandwidth_read", "read": "bandwidth_read", "tar": "bandwidth_read",
          "cache": "bandwidth_copy", "sgd": "arithmetic",
          "als64": "arithmetic", "als128": "arithmetic", "svd++": "arithmetic", "gibbs": "arithmetic",
          "predict": "bandwidth_read", "judge": "bandwidth_read"}


def size_of(*patterns):
    return sum(os.path.getsize(path) for pattern in patterns for path in glob.glob(pattern))


class Contest:
    """The synthetic set of one size, and the figures of each stage on it."""

    def __init__(self, options, millions):
        self.options = options
        self.millions = millions
        self.folder = f"{options.folder}/netflix-{millions}"
        self.cache = f"{options.folder}/cache-{millions}"
        self.training = f"{self.folder}/training_set"
        if not os.path.exists(self.folder):
            print(f"measure-scaling: making {millions} million ratings", file=sys.stderr)
            measured([options.tool, "generate", "--preset", "netflix", "--fraction", str(min(millions / 100, 1)),
                      "--seed", str(SEED), "--output", self.folder, "--format", "json"])

    def train(self, algorithm, *arguments, cache="--no-cache", ratings=None):
        """What `train` reports, with its peak memory."""
        output, _, peak = measured(
            [self.options.tool, "train", ratings or self.training, "--algorithm", algorithm, "--seed", str(SEED), "--threads",
             str(self.options.threads), "--progress", "none", "--format", "json",
             *([cache] if cache.startswith("--") else ["--cache", cache]), *arguments])
        return {**json.loads(output), "peak": peak}

    def epoch(self, algorithm, factors, option, count, *arguments):
        """One of `count` epochs at full size, of more where they are short."""
        count = max(count, min(round(60 / self.millions), 20))
        result = self.train(algorithm, "--factors", str(factors), option, str(count), *arguments)
        return result["seconds_per_epoch"], result["peak"]

    def measure(self, stage):
        """(seconds, peak bytes) of one run of a stage."""
        if stage == "cat":
            _, seconds, peak = measured(["sh", "-c", f"cat {self.training}/* | wc -l"])
            return seconds, peak
        if stage == "read":
            result = self.train("global-mean")
            return result["seconds_reading"], result["peak"]
        if stage == "tar":
            tar = f"{self.folder}/training_set.tar"
            if not os.path.exists(tar):
                subprocess.run(["tar", "-C", self.folder, "-cf", tar + ".part", "training_set"], check=True)
                os.rename(tar + ".part", tar)
            subprocess.run(["cat", tar], check=True, stdout=subprocess.DEVNULL)  # Into the page cache.
            result = self.train("global-mean", ratings=tar)
            return result["seconds_reading"], result["peak"]
        if stage == "cache":
            result = self.train("global-mean", cache=self.cache)
            if not getattr(self, "is_cached", False):
                self.is_cached = True
                result = self.train("global-mean", cache=self.cache)
            return result["seconds_reading"], result["peak"]
        if stage == "sgd":
            return self.epoch("biased-mf", FACTORS, "--epochs", 3, "--save", f"{self.folder}/model")
        if stage == "als64":
            return self.epoch("als", 64, "--sweeps", 2)
        if stage == "als128":
            return self.epoch("als", 128, "--sweeps", 1)
        if stage == "svd++":
            return self.epoch("svd++", FACTORS, "--epochs", 1)
        if stage == "gibbs":
            return self.epoch("bayesian-mf", FACTORS, "--sweeps", 2, "--set", "burn-in=0", "--set", "thinning=20")
        if stage == "predict":
            if not os.path.exists(f"{self.folder}/model"):
                self.measure("sgd")
            _, seconds, peak = measured(
                [self.options.tool, "predict", f"{self.folder}/model", "--questions", f"{self.folder}/qualifying.txt",
                 "--threads", str(self.options.threads), "--output", f"{self.folder}/predictions.txt"])
            return seconds, peak
        if not os.path.exists(f"{self.folder}/predictions.txt"):
            self.measure("predict")
        _, seconds, peak = measured(
            [self.options.tool, "check", f"{self.folder}/predictions.txt", "--answers", f"{self.folder}/judging.txt",
             "--questions", f"{self.folder}/qualifying.txt", "--membership", f"{self.folder}/membership.txt",
             "--criterion", "netflix-grand-prize",
             "--threads", str(self.options.threads)])
        return seconds, peak

    def counts(self):
        output, _, _ = measured([self.options.tool, "describe", self.training, "--format", "json"])
        statistics_ = json.loads(output)
        with open(f"{self.folder}/qualifying.txt", "rb") as file:
            rows = sum(not line.endswith(b":\n") for line in file)
        return statistics_["ratings"], statistics_["users"], statistics_["items"], rows


def work(stage, contest, ratings, users, items):
    """The operations or bytes that a stage can't do without."""
    folder, factors = contest.folder, 128 if stage == "als128" else FACTORS
    return {
        "cat": lambda: size_of(f"{contest.training}/*"),
        "read": lambda: size_of(f"{contest.training}/*"),
        "tar": lambda: size_of(f"{contest.training}/*"),
        "cache": lambda: 16 * ratings,
        "sgd": lambda: 8 * factors * ratings,
        "als64": lambda: 2 * ratings * factors**2 + (users + items) * factors**3 / 3,
        "als128": lambda: 2 * ratings * factors**2 + (users + items) * factors**3 / 3,
        "svd++": lambda: 11 * factors * ratings,
        "gibbs": lambda: 2 * ratings * factors**2 + (users + items) * factors**3 / 3,
        "predict": lambda: 8 * factors * ratings,
        "judge": lambda: size_of(*(f"{folder}/{name}.txt" for name in (
            "predictions", "judging", "qualifying", "membership"))),
    }[stage]()


def probe(options):
    """What the machine can do, and a sentence on it. The BLAS chooses its kernels for the processor, whatever the
    environment would have it take."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    process = subprocess.run([options.probe, str(options.threads)], capture_output=True, check=True, env=environment)
    limits = json.loads(process.stdout)
    return limits, (f"{limits['bandwidth_read'] / 1e9:.1f} GB/s read, {limits['bandwidth_copy'] / 1e9:.1f} GB/s read and "
                    f"written in a copy, {limits['arithmetic'] / 1e9:.0f} Gflop/s of `sgemm`")


def plot(path, series):
    """Ratings per second over the number of ratings, both logarithmic, as SVG."""
    import math
    width, height, left, right, top, bottom = 760, 460, 70, 210, 20, 50
    points = [point for _, line in series for point in line]
    x_range = [math.log10(f(x for x, _ in points)) for f in (min, max)]
    y_range = [math.floor(math.log10(min(y for _, y in points))), math.ceil(math.log10(max(y for _, y in points)))]

    def place(x, y):
        return (left + (math.log10(x) - x_range[0]) / max(x_range[1] - x_range[0], 1e-9) * (width - left - right),
                height - bottom - (math.log10(y) - y_range[0]) / (y_range[1] - y_range[0]) * (height - top - bottom))

    colors = ["#1b6ca8", "#c1440e", "#3a7d44", "#7b4397", "#b8860b", "#00838f", "#ad1457", "#5d4037", "#546e7a",
              "#6a8f00"]
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
           f'font-size="12" role="img" aria-label="ratings per second over the number of ratings">',
           f'<rect width="{width}" height="{height}" fill="#ffffff"/>']
    for power in range(y_range[0], y_range[1] + 1):
        _, y = place(10**x_range[0], 10**power)
        out.append(f'<line x1="{left}" y1="{y:.1f}" x2="{width - right}" y2="{y:.1f}" stroke="#dddddd"/>'
                   f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power / 1e6:,.12g} M</text>')
    for x in sorted({x for x, _ in points}):
        at, _ = place(x, 10**y_range[0])
        out.append(f'<text x="{at:.1f}" y="{height - bottom + 18}" text-anchor="middle">{x / 1e6:.0f} M</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 10}" text-anchor="middle">training ratings</text>'
               f'<text x="16" y="{height / 2}" text-anchor="middle" transform="rotate(-90 16 {height / 2})">ratings or '
               f'rows per second</text>')
    ends = []
    for number, (name, line) in enumerate(series):
        color = colors[number % len(colors)]
        text = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in line)
        out.append(f'<polyline points="{text}" fill="none" stroke="{color}" stroke-width="2"/>')
        out += ['<circle cx="{:.1f}" cy="{:.1f}" r="3" fill="{}"/>'.format(*place(x, y), color) for x, y in line]
        ends.append([place(*line[-1])[1], name, color])
    # Labels beside the lines' ends, pushed apart where they would touch.
    ends.sort()
    for before, after in zip(ends, ends[1:]):
        after[0] = max(after[0], before[0] + 15)
    out += [f'<text x="{width - right + 10}" y="{y + 4:.1f}" fill="{color}">{name}</text>' for y, name, color in ends]
    with open(path, "w") as file:
        file.write("\n".join(out + ["</svg>", ""]))


def main():
    parser = argparse.ArgumentParser()
    for name in ("tool", "probe", "folder"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=machine.threads())
    parser.add_argument("--millions", type=lambda text: [int(n) for n in text.split(",")], required=True)
    parser.add_argument("--stages", type=lambda text: ["cat", *text.split(",")], default=STAGES)
    parser.add_argument("--plot")
    options = parser.parse_args()
    for stage in options.stages:
        if stage not in STAGES:
            sys.exit(f"measure-scaling: there is no stage {stage}; there are {', '.join(STAGES[1:])}")
    limits, found = probe(options)
    print(machine.describe(options.tool, []))
    print(f"\nThe probe: {found}; {options.threads} threads, the best of several rounds. "
          f"Medians of {options.runs} round{'s' * (options.runs > 1)}, files in the page cache, seed {SEED}. Printed by "
          f"`scripts/measure-scaling.sh`.\n", flush=True)
    rates, shares, peaks = {}, {}, {}
    for millions in options.millions:
        contest = Contest(options, millions)
        ratings, users, items, rows = contest.counts()
        results = {stage: [] for stage in options.stages}
        for _ in range(options.runs):
            for stage in options.stages:
                try:
                    results[stage].append(contest.measure(stage))
                except Missing as reason:
                    sys.exit(f"measure-scaling: {NAMES[stage]}, {ratings} ratings: {reason}")
        for stage in options.stages:
            seconds = statistics.median(seconds for seconds, _ in results[stage])
            peak = statistics.median(peak for _, peak in results[stage])
            count = rows if stage in ("predict", "judge") else ratings
            share = work(stage, contest, count, users, items) / seconds / limits[LIMITS[stage]]
            print(f"measure-scaling: {NAMES[stage]}, {ratings:,} ratings: {seconds:.3f} s", file=sys.stderr)
            rates.setdefault(stage, []).append((ratings, count / seconds, seconds))
            shares.setdefault(stage, []).append(share)
            peaks.setdefault(stage, []).append(peak / ratings)
    sizes = "".join(f" {ratings / 1e6:.1f} M |" for ratings, _, _ in next(iter(rates.values())))
    rule = "|---" * (len(options.millions) + 2) + "|"

    def table(last, values, text):
        print(f"| |{sizes} {last} |\n{rule}")
        for stage in options.stages:
            cells = "".join(f" {text(value)} |" for value in values[stage])
            ending = (f"{rates[stage][-1][2]:.2f}" if values is rates
                      else LIMITS[stage].replace("bandwidth_", "bandwidth, "))
            print(f"| {NAMES[stage]} |{cells} {ending} |")

    print("Million ratings a second, for the last two million questions; and the seconds at the largest size:\n")
    table("s", rates, lambda value: f"{value[1] / 1e6:.{1 if value[1] < 99.5e6 else 0}f}")
    print("\nShare of the limit:\n")
    table("limit", shares, lambda value: f"{100 * value:.{1 if value < 0.095 else 0}f}%")
    print("\nPeak memory, bytes a rating, the program's own 20 MB in it:\n")
    print(f"| |{sizes}\n" + "|---" * (len(options.millions) + 1) + "|")
    for stage in options.stages:
        if stage != "cat":
            print(f"| {NAMES[stage]} |" + "".join(f" {value:.1f} |" for value in peaks[stage]))
    if options.plot:
        plot(options.plot, [(NAMES[stage], [point[:2] for point in line]) for stage, line in rates.items() if stage != "cat"])


main()
