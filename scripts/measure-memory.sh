#!/usr/bin/env bash
# The memory that `prizecheck train --plan` foretells beside the memory that the training takes, for every algorithm.
#
#   scripts/measure-memory.sh RATINGS [ALGORITHM...]
#
# RATINGS is a file or folder of some million ratings with times: `prizecheck generate --preset netflix --fraction 0.05`
# makes such a folder. Each algorithm learns for one epoch or two sweeps with 32 factors (Bayesian ones 16). Measured is
# the largest anonymous memory while the model is made; what reading takes before does not count. Linux only.
# TOOL=prizecheck measures this program instead of building one.
set -euo pipefail
. "$(dirname "$0")/workspace.sh"
if [ $# -lt 1 ]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
ratings=$1
shift
find_tool

exec python3 - "$tool" "$ratings" "$@" <<'PYTHON'
import json, subprocess, sys, time

tool, ratings, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]


def settings(entry):
    names = {parameter["name"] for parameter in entry["parameters"]}
    out = []
    if "factors" in names:
        out += ["--factors", "16" if entry["name"].startswith(("bayesian", "bpmf")) else "32"]
    for name, value in (("epochs", "1"), ("sweeps", "2"), ("burn_in", "0")):
        if name in names:
            out += ["--set", f"{name}={value}"]
    return out


def anonymous(process):
    try:
        for line in open(f"/proc/{process}/status"):
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


entries = json.loads(subprocess.run([tool, "algorithms", "--format", "json"], capture_output=True, check=True).stdout)
print(f"{'algorithm':28} {'planned MB':>11} {'measured MB':>12} {'measured / planned':>19}")
for entry in entries["algorithms"]:
    if wanted and entry["name"] not in wanted:
        continue
    command = [tool, "train", ratings, "--algorithm", entry["name"], "--format", "json", "--progress", "none"]
    command += settings(entry)
    plan = json.loads(subprocess.run(command + ["--plan"], capture_output=True, check=True).stdout)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    samples = []
    while process.poll() is None:
        samples.append((time.monotonic(), anonymous(process.pid)))
        time.sleep(0.003)
    end = time.monotonic()
    report = json.loads(process.stdout.read())
    begin = end - report["seconds"] - 0.02
    measured = max(size for moment, size in samples if moment >= begin)
    planned = plan["peak_bytes"]
    print(f"{entry['name']:28} {planned / 1e6:11.1f} {measured / 1e6:12.1f} {measured / planned:19.2f}", flush=True)
PYTHON
