"""The rules that are taken away, one file for each part of the portal."""

from bench.guarded import applications, jury, portal, reviews
from bench.guarded.guard import Guard

GUARDS = (*portal.GUARDS, *applications.GUARDS, *reviews.GUARDS, *jury.GUARDS)

__all__ = ["GUARDS", "Guard"]
