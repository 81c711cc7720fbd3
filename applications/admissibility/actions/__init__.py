"""Admissibility, step by step: one check for each body, then the outcome (its release is that of every stage)."""

from applications.admissibility.actions.check import (
    conclude_check,
    give_back_check,
    hand_back_check,
    save_check,
    take_check,
)
from applications.admissibility.actions.handing import hand_over_checks
from applications.admissibility.actions.outcome import confirm_outcome, decide_outcome
from applications.admissibility.actions.reopening import reopen_check, reopen_outcome

__all__ = [
    "conclude_check",
    "confirm_outcome",
    "decide_outcome",
    "give_back_check",
    "hand_back_check",
    "hand_over_checks",
    "reopen_check",
    "reopen_outcome",
    "save_check",
    "take_check",
]
