"""Admissibility, step by step: one check for each body, the outcome, and its release to all at once."""

from applications.actions.admissibility.check import (
    conclude_check,
    give_back_check,
    prepare_annex,
    save_check,
    take_check,
)
from applications.actions.admissibility.outcome import confirm_outcome, decide_outcome
from applications.actions.admissibility.release import confirm_release, propose_release

__all__ = [
    "conclude_check",
    "confirm_outcome",
    "confirm_release",
    "decide_outcome",
    "give_back_check",
    "prepare_annex",
    "propose_release",
    "save_check",
    "take_check",
]
