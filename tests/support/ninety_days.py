"""Gives every component of a daemon's database ninety days of past: mostly well, with outages here and there.

ninety_days.py DATABASE NOW, NOW in microseconds since 1970. A running daemon sees it.
"""
import random
import sqlite3
import sys

DAY = 86_400_000_000
HOUR = 3_600_000_000


def past(now, rng):
    """(since, until, state) without gaps, from ninety days ago until now."""
    at = now - 90 * DAY
    while at < now:
        well = min(at + int(rng.expovariate(1 / 20) * DAY) + HOUR, now)
        yield at, well, "operational"
        state = rng.choice(["degraded_performance", "partial_outage", "major_outage"])
        at = min(well + int(rng.uniform(0.1, 5) * HOUR), now)
        if at > well:
            yield well, at, state


def main():
    database, now = sys.argv[1], int(sys.argv[2])
    rng = random.Random(1)
    with sqlite3.connect(database, timeout=30) as connection:
        begun = connection.execute("SELECT component, min(since) FROM component_state GROUP BY component").fetchall()
        for component, since in begun:
            rows = [(component, *interval) for interval in past(min(since, now), rng)]
            connection.executemany("INSERT INTO component_state (component, since, until, state) VALUES (?, ?, ?, ?)", rows)


main()
