#!/usr/bin/env python3
"""Times LIBMF and prizecheck from a text file of ratings to a model, one after the other in each round, and prints a
Markdown table. Called by scripts/compare-libmf.sh, which makes the files and builds LIBMF."""
import argparse
import json
import statistics

import machine
from program import measured


def main():
    parser = argparse.ArgumentParser()
    for name in ("tool", "libmf", "folder"):
        parser.add_argument("--" + name, required=True)
    for name in ("runs", "factors", "epochs"):
        parser.add_argument("--" + name, type=int, required=True)
    parser.add_argument("--threads", type=int, default=machine.threads())
    parser.add_argument("--libmf-setting", nargs=3, required=True)
    options = parser.parse_args()
    files = [f"{options.folder}/train.txt", f"{options.folder}/test.txt"]
    epochs, regularization, rate = options.libmf_setting
    libmf = [options.libmf, *files, str(options.factors), epochs, regularization, rate, str(options.threads)]
    ours = [options.tool, "train", files[0], "--test", files[1], "--algorithm", "biased-mf", "--factors",
            str(options.factors), "--epochs", str(options.epochs), "--threads", str(options.threads), "--seed", "1",
            "--no-cache", "--progress", "none", "--format", "json"]
    results = {"LIBMF": [], "prizecheck": []}
    for _ in range(options.runs):
        output, _, peak = measured(libmf)
        result = json.loads(output)
        results["LIBMF"].append((result["seconds_reading"], result["seconds_training"], result["rmse"], peak))
        output, _, peak = measured(ours)
        result = json.loads(output)
        results["prizecheck"].append(
            (result["seconds_reading"], result["seconds"], result["test"]["rmse_clipped"], peak))
    print(machine.describe(options.tool, []))
    print(f"\nFrom {files[0].rsplit('/', 1)[1]} to a model, {options.factors} factors, {options.threads} threads, medians of "
          f"{options.runs} run{'s' * (options.runs > 1)}: LIBMF from its PyPI source with AVX, {epochs} epochs, l2 "
          f"{regularization}, rate {rate}; biased-mf, {options.epochs} epochs, its defaults. Clipped to 1...5. prizecheck's "
          f"reading has the test file in it, LIBMF's has not.\n")
    print("| program | reading, s | training, s | both, s | test RMSE | peak MiB |\n|---|---|---|---|---|---|")
    both = {}
    for name, rows in results.items():
        reading, training, rmse, peak = (statistics.median(column) for column in zip(*rows))
        both[name] = reading + training
        print(f"| {name} | {reading:.1f} | {training:.1f} | {reading + training:.1f} | {rmse:.5f} | {peak / 2**20:.0f} |")
    print(f"\nprizecheck takes 1/{both['LIBMF'] / both['prizecheck']:.2f} of LIBMF's time.")


main()
