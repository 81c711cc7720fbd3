"""Pages of those who steer the evaluation, step by step: assignments, sheets, ranking, shortlist."""
