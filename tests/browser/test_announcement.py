"""The announcement, the results and the jury: sound before and after the release, at each width."""

import pytest
from django.urls import reverse

from tests.applications.officers import make_ready
from tests.factories import the_call
from tests.jury.announcement.announced import partners, release, room_of
from tests.jury.deciding import NOTIFIED

pytestmark = pytest.mark.browser
TEXT = "Un but, en deux mots.\n\nTrois moyens :\n- voir ;\n- savoir ;\n- prévoir."


def test_announcement_is_sound_before_and_after(visit, now_is):
    now_is(NOTIFIED)
    call = the_call()
    room_of(
        {"acronym": "PLUME", "public_summary": TEXT, "partners": partners(call, "Un", "Deux")},
        {"acronym": "ENCLUME"},
        conclusions=["laureate", "not_selected"],
        others=2,
    )
    manager = make_ready(call, power="manager")
    addresses = [reverse(f"jury:{name}", args=[call.slug]) for name in ("announcement_preview", "composition")]
    assert visit(manager.user).flaws_of(addresses) == []
    release(call)
    public = visit()
    addresses = [reverse(name, args=[call.slug]) for name in ("jury:announcement", "desk:results")]
    assert public.flaws_of(addresses) == []
    public.go(addresses[1])
    public.press("PLUME", role="link")
    assert public.page.url.endswith(f"{addresses[0]}#laureates-1")
    assert public.page.get_by_role("heading", name="PLUME").is_visible()
