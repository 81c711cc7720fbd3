"""The files of the demonstration, read once, and choices that are the same at every replay."""

import functools
import hashlib
import tomllib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CALL_FILE = FOLDER / "call-2020.toml"


@functools.cache
def script(name):
    """The parsed file `NAME-2020.toml` of this folder."""
    return tomllib.loads((FOLDER / f"{name}-2020.toml").read_text(encoding="utf-8"))


def number(key, most):
    """A whole number of [0, most[ that hangs on the text `key` alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) % most


def pick(key, options):
    """One of `options`, always the same for the same `key`."""
    return options[number(key, len(options))]


def shuffled(key, options):
    """All of `options` in an order that hangs on `key` and on what they say."""
    return sorted(options, key=lambda option: hashlib.sha256(f"{key} {option}".encode()).digest())
