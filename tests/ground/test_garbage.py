"""What a process has loaded once is looked through no more."""

import gc
import subprocess
import sys

import pytest

pytestmark = pytest.mark.embedded
PROGRAM = """
import gc
from hdh_portal.ground.garbage import spare_what_is_loaded
class Ring: pass
def ring():
    made = Ring()
    made.itself = made
spare_what_is_loaded()
frozen = gc.get_freeze_count()
ring()
print(frozen > 1000, gc.isenabled(), gc.collect() > 0)
"""


def test_what_is_loaded_is_spared_and_what_comes_after_is_collected():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True"]
    assert gc.isenabled()
