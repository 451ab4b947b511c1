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
    for name in ("runs", "factors"):
        parser.add_argument("--" + name, type=int, required=True)
    parser.add_argument("--threads", type=int, default=machine.threads())
    parser.add_argument("--regularization", required=True)
    parser.add_argument("--libmf-rate", required=True)
    parser.add_argument("--libmf-epochs", required=True)
    parser.add_argument("--epochs", type=lambda text: text.split(","), required=True)
    options = parser.parse_args()
    files = [f"{options.folder}/train.txt", f"{options.folder}/test.txt"]
    libmf = [options.libmf, *files, str(options.factors), options.libmf_epochs, options.regularization,
             options.libmf_rate, str(options.threads)]
    results = {}
    for _ in range(options.runs):
        output, _, peak = measured(libmf)
        result = json.loads(output)
        results.setdefault(f"LIBMF, {options.libmf_epochs} epochs", []).append(
            (result["seconds_reading"], result["seconds_training"], result["rmse"], peak))
        for epochs in options.epochs:
            output, _, peak = measured(
                [options.tool, "train", files[0], "--test", files[1], "--algorithm", "biased-mf", "--factors",
                 str(options.factors), "--epochs", epochs, "--regularization", options.regularization, "--threads",
                 str(options.threads), "--seed", "1", "--no-cache", "--progress", "none", "--format", "json"])
            result = json.loads(output)
            results.setdefault(f"biased-mf, {epochs} epochs", []).append(
                (result["seconds_reading"], result["seconds"], result["test"]["rmse_clipped"], peak))
    print(machine.describe(options.tool, []))
    print(f"\nFrom {files[0].rsplit('/', 1)[1]} to a model, {options.factors} factors, {options.threads} threads, medians of "
          f"{options.runs} run{'s' * (options.runs > 1)}, regularization {options.regularization} in both: LIBMF from its "
          f"PyPI source with AVX, rate {options.libmf_rate}; prizecheck with its other defaults. Test RMSE clipped to 1...5. "
          f"prizecheck's reading has the test file in it, LIBMF's has not.\n")
    print("| program | reading, s | training, s | both, s | LIBMF's time / its time | test RMSE | peak MiB |\n" + "|---" * 7 + "|")
    first = None
    for name, rows in results.items():
        reading, training, rmse, peak = (statistics.median(column) for column in zip(*rows))
        both = reading + training
        first = first or both
        print(f"| {name} | {reading:.1f} | {training:.1f} | {both:.1f} | {first / both:.2f} | {rmse:.5f} | "
              f"{peak / 2**20:.0f} |")


main()
