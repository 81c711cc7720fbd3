"""The two worlds of the tables with everybody signed in, for all modules that read them."""

from tests.permissions import asking
from tests.permissions.selection_world import SelectionWorld
from tests.permissions.world import World
from tests.worlds import world


@world
def first_world():
    """From the deposit to the release of the admissibility."""
    return _signed_in(World())


@world
def selection_world():
    """The evaluation and the jury, at the scoring."""
    return _signed_in(SelectionWorld())


def _signed_in(built):
    asking.sign_in(built)
    built.nothing = {}
    return built
