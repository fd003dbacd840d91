"""What a machine must have before anything can be installed. Runs on the system's Python, so standard library only.

Each thing that is missing gets one sentence that says what to do, and exit status 1.
"""

import os
import re
import shutil
import subprocess
import sys

FREE_GB = 4


def _version(command):
    try:
        out = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)\.(\d+)", out)
    return (int(found[1]), int(found[2])) if found else None


def python_problems():
    if sys.version_info < (3, 11):
        yield (
            "Python 3.11 or newer is needed, this is %d.%d: install it, then run make PYTHON=python3.11"
            % sys.version_info[:2]
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        yield "Python's venv module is missing: install it (on Debian: apt-get install python3-venv)"
    if not (shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")):
        yield "A C compiler is missing: install one (on Debian: apt-get install gcc)"
    if not os.access(".", os.W_OK):
        yield "This folder cannot be written: change its rights, or clone Candor where you may write"
    free = shutil.disk_usage(".").free / 1e9
    if free < FREE_GB:
        yield "Set-up needs %d GB of free disk, %.1f GB are left: free some space" % (FREE_GB, free)


def node_problems():
    node = _version("node")
    if node is None:
        yield "Node is missing: install Node 20.19 or newer"
    elif node < (20, 19):
        yield "Node 20.19 or newer is needed, this is %d.%d: install a newer one" % node
    if _version("npm") is None:
        yield "npm is missing: install it (it comes with Node)"


def main():
    problems = (
        list(node_problems()) if "--node" in sys.argv else list(python_problems()) + list(node_problems())
    )
    for problem in problems:
        sys.stderr.write("candor: %s\n" % problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
