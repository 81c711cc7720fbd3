"""How fast this machine is now: a budget in seconds is of the machine on which it was written, while that was quiet."""

import time

TURNS = 3_000_000
# Seconds of processor that the turns take there. Taken from one tree on both machines: its replay took just under 60 s
# there, and 122 s on one where the turns take 0.131 s.
THERE = 0.0625


def slowness():
    """How many times longer than there a processor takes here for the same; at least 1."""
    return max(1.0, min(_seconds() for _ in range(3)) / THERE)


def _seconds():
    start, total = time.process_time(), 0
    for number in range(TURNS):
        total += number
    return time.process_time() - start
