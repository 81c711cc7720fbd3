"""What a guard is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """A rule, the text that holds it (each anchor stands once in `file`), what stands there without it, its tests."""

    name: str
    file: str
    edits: tuple
    tests: tuple
