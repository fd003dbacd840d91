"""``python -m tests.benchmarks.bench_media_edge [seconds]``: the media edge's share of a core, beside stock aiortc's."""

from __future__ import annotations

import sys

from interview.media.bench import measure


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    for way in ("candor", "stock aiortc"):
        cost = measure(way, seconds)
        sys.stdout.write(
            f"{cost.way:14} {cost.cpu_percent:6.1f} % of a core   {cost.fps:5.1f} fps   {cost.kbps:6.0f} kbit/s a side\n"
        )


if __name__ == "__main__":
    main()
