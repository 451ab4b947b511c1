"""What figures are worth nothing without: the machine, and the versions of what ran on it."""
import os
import platform
import subprocess
from importlib import metadata


def threads():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def describe(tool, packages):
    """One line on the machine, prizecheck and these PyPI packages; those that aren't installed are left out."""
    model = platform.processor() or platform.machine()
    memory = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), model)
        with open("/proc/meminfo") as file:
            memory = f", {int(file.readline().split()[1]) / 2**20:.0f} GiB"
    version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout.strip()
    forced = os.environ.get("RATINGBENCH_ISA")
    names = [f"prizecheck {version}" + (f" with RATINGBENCH_ISA={forced}" if forced else ""),
             f"Python {platform.python_version()}"]
    for title, package in packages:
        try:
            names.append(f"{title} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            pass
    return (f"{model}, {threads()} threads{memory}, {platform.system()} {platform.release()}; {', '.join(names)}.")
