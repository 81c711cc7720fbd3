"""Pages of the officers, step by step: office, interests, checks, annexes, outcomes, release."""
