"""Runs the programs that are compared."""
import os
import subprocess
import sys
import threading
import time


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


def measured(command, **options):
    """What it prints, the seconds that it takes, and its peak memory in bytes."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    errors = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))
    reader.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    reader.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    # 1 is a verdict: the submission doesn't qualify.
    if process.returncode not in (0, 1):
        lines = errors[0].strip().splitlines() or [""]
        raise Missing(f"{' '.join(command)}: exit code {process.returncode}, {lines[0][:200]}")
    return output, seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
