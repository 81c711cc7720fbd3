"""The form of a call is read once for each loading of its file, and anew after the next one."""

import pytest

from applications.models import Call
from applications.questions.reading import form_of
from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from tests.factories import CALLS, paris, the_call

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
BEFORE = paris(2019, 12, 2, 9)


@pytest.fixture
def form_now():
    """The form as a request finds it: the row of the call is read anew."""
    pk = the_call().pk
    return lambda: form_of(Call.objects.get(pk=pk))


def reload(old, new):
    """Load the call's file again, one text changed."""
    text = CALLS["2020"].read_text(encoding="utf-8")
    assert old in text
    load_call(schema.read(text.replace(old, new).encode()), by=None, at=BEFORE)


def labels(form):
    return [section.label for section, _questions in form.sections]


def test_form_is_read_once(form_now, django_assert_num_queries):
    assert form_now().digest and form_now().axes
    with django_assert_num_queries(1):
        form = form_now()
        assert form.digest and form.axes and form.sections and form.categories


def test_file_that_changes_a_label_gives_another_form_and_another_digest(form_now):
    first = form_now()
    label, digest = labels(first)[0], first.digest
    reload(f'"{label}"', '"Un autre intitulé"')
    assert (labels(form_now())[0], labels(first)[0]) == ("Un autre intitulé", label)
    assert form_now().digest != digest


def test_file_that_is_put_back_gives_the_first_digest_again(form_now):
    digest, label = form_now().digest, labels(form_now())[0]
    reload(f'"{label}"', '"Un autre intitulé"')
    load_call(schema.read(CALLS["2020"].read_bytes()), by=None, at=paris(2019, 12, 3, 9))
    assert form_now().digest == digest
