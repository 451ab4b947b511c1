#!/usr/bin/env python3
"""Times prizecheck and its peers on the same files, run by run in turn, and prints Markdown tables of the medians.

Called by scripts/measure-speed.sh, which makes the files. It imports nothing large: a process's peak memory begins with
what the process that started it holds.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

import machine

HERE = os.path.dirname(os.path.abspath(__file__))
READ_CSV = """
import sys, time, polars
start = time.perf_counter()
frame = polars.read_csv(sys.argv[1])
print(time.perf_counter() - start, len(frame))
"""


def run(command, allowed):
    """Wall seconds, peak bytes and standard output of a process (with its children, for a shell's pipe)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        sys.exit(f"exit code {process.returncode}: {' '.join(command)}\n{output.decode(errors='replace')[:2000]}")
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return seconds, peak, output.decode()


def interleaved(programs, runs):
    """One warm-up round, then `runs` rounds in which every program runs once. Per program: the figures of each round."""
    figures = {name: [] for name, _ in programs}
    for turn in range(runs + 1):
        for name, program in programs:
            result = program()
            if turn:
                figures[name].append(result)
    return figures


def median(values):
    return statistics.median(values)


def table(title, programs, runs, base, note=""):
    """`base` is the program that the others are compared with."""
    figures = interleaved(programs, runs)
    print(f"\n### {title}\n")
    if note:
        print(f"{note}\n")
    print("| program | median s | fastest s | slowest s | peak MB | times faster |")
    print("|---|---|---|---|---|---|")
    reference = median([seconds for seconds, _ in figures[base]])
    for name, _ in programs:
        times = [seconds for seconds, _ in figures[name]]
        peaks = [peak for _, peak in figures[name] if peak is not None]
        peak = f"{median(peaks) / 1e6:.0f}" if peaks else ""
        ratio = reference / median(times)
        print(f"| {name} | {median(times):.3f} | {min(times):.3f} | {max(times):.3f} | {peak} | {ratio:.2f} |")


def judged(output):
    """(n, RMSE rounded) of a verdict, in the words of either judge."""
    if output.startswith("{"):
        scores = json.loads(output)["scores"]["all"]
        return scores["n"], scores["rmse_rounded"]
    found = re.search(r"n (\d+) .*rounded (\S+)", output)
    return int(found[1]), found[2]


def main():
    parser = argparse.ArgumentParser()
    for name in ("tool", "folder", "csv"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=["judge", "gzip", "csv"])
    options = parser.parse_args()
    if options.runs < 5:
        sys.exit("at least 5 runs: a median of fewer says little")
    predictions, answers = (f"{options.folder}/{name}.txt" for name in ("predictions", "answers"))
    print(machine.describe(options.tool, [("NumPy", "numpy"), ("polars", "polars")]))
    threads = machine.threads()
    print(f"Medians of {options.runs} runs, one program after the other in each round, after a warm-up round; whole "
          f"processes, files in the page cache. Printed by `scripts/measure-speed.sh`.")

    checks = {}

    def check(suffix=""):
        command = [options.tool, "check", predictions + suffix, "--answers", answers + suffix,
                   "--criterion", "netflix-grand-prize", "--format", "json"]
        seconds, peak, output = run(command, (0, 1))
        checks["prizecheck" + suffix] = judged(output)
        return seconds, peak

    def numpy_judge(*flags):
        command = [sys.executable, f"{HERE}/judge_numpy.py", predictions, answers, "0.9525", "0.8572", *flags]
        seconds, peak, output = run(command, (0, 1))
        checks["numpy" + "".join(flags)] = judged(output)
        return seconds, peak

    if options.only in (None, "judge"):
        size = (os.path.getsize(predictions) + os.path.getsize(answers)) / 1e6
        table("Judging 2,817,131 predictions in Netflix format", [
            ("prizecheck check", check),
            ("Python + NumPy", numpy_judge),
            ("Python + NumPy, customers and dates unread", lambda: numpy_judge("--trust-answers")),
        ], options.runs, "Python + NumPy", f"Two text files, {size:.1f} MB in all.")

    if options.only in (None, "gzip"):
        pipe = f"gunzip -c '{predictions}.gz' '{answers}.gz' | wc -l"
        table("The same files, gzipped", [
            ("prizecheck check", lambda: check(".gz")),
            ("gunzip -c, piped to wc -l", lambda: (run(["sh", "-c", pipe], (0,))[0], None)),
        ], options.runs, "gunzip -c, piped to wc -l")
    if len(set(checks.values())) > 1:
        sys.exit(f"the judges disagree: {checks}")

    if options.only in (None, "csv"):
        rows = {}

        def describe():
            seconds, peak, output = run([options.tool, "describe", options.csv, "--no-cache", "--format", "json"], (0,))
            rows["prizecheck"] = json.loads(output)["ratings"]
            return seconds, peak

        bare = []

        def read_csv():
            seconds, peak, output = run([sys.executable, "-c", READ_CSV, options.csv], (0,))
            inside, count = output.split()
            rows["polars"] = int(count)
            bare.append(float(inside))
            return seconds, peak

        # The bare call's time comes from the same runs as the whole process's.
        programs = [
            ("prizecheck describe, whole process", describe),
            ("polars.read_csv, whole process", read_csv),
            ("polars.read_csv, the call alone", lambda: (bare[-1], None)),
        ]
        table(f"Reading a CSV file of ratings, {os.path.getsize(options.csv) / 1e6:.0f} MB", programs, options.runs,
              "polars.read_csv, the call alone",
              f"prizecheck maps ids, infers the scale, counts duplicates and describes; polars reads columns. Both use "
              f"all {threads} threads.")
        if len(set(rows.values())) > 1:
            sys.exit(f"the readers disagree on the number of rows: {rows}")


main()
