"""Runs in the sandbox beside a reader: what the reader says, and how much memory its process took at most."""

import importlib
import re
import sys
from pathlib import Path


def peak_after(module, *arguments):
    """[verdict of `module.facts(*arguments)`, bytes].

    The kernel's high-water mark of this very program: `ru_maxrss` would also count its parent's memory at the fork.
    """
    verdict = importlib.import_module(module).facts(*arguments)
    status = Path("/proc/self/status").read_text()
    return verdict, int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) * 1024


def loaded_after(*modules):
    """The frameworks that are loaded once these modules are."""
    for module in modules:
        importlib.import_module(module)
    return sorted({name.split(".")[0] for name in sys.modules} & {"django", "celery", "hdh_portal", "weasyprint"})
