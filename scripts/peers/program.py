"""Runs the programs that are compared."""
import subprocess
import sys


class Missing(Exception):
    """A program that can't be had here; the text says why."""


def run(command):
    """What it prints. Where it fails, one line of its standard error says why."""
    process = subprocess.run(command, capture_output=True, text=True)
    if process.returncode:
        # The last line says it of a Python program, the first of ours.
        lines = process.stderr.strip().splitlines() or [""]
        line = lines[0] if "train" in command else lines[-1]
        print(f"compare-peers: {' '.join(command)}: {line}", file=sys.stderr)
        raise Missing(f"exit code {process.returncode}, {line[:80]}")
    return process.stdout
