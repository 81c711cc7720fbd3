"""Acts that are refused."""

import pytest

from hdh_portal.records.exceptions import Refused


def refused(code, act, *args, **others):
    """The `Refused` of an act: it has this code, and says a whole sentence."""
    with pytest.raises(Refused) as caught:
        act(*args, **others)
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")
    return caught.value
