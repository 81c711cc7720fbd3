"""Uploads under attack and under kills: everybody else is served, and no file is forgotten."""

import contextlib
import datetime
import os
import signal

import pytest

from applications.dossier import judging
from applications.models import Upload
from hdh_portal.ground import clock
from tests.factories import make_draft
from tests.hostile.pdf import bomb, pdf
from tests.portal.test_service import wait_until
from tests.service.portal import Deposit, load_call_that_closes, serving
from tests.service.processes import free_port, pool_of
from tests.service.uploading import FileUpload, attack

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def call(tmp_path):
    return load_call_that_closes(clock.real() + DAY, tmp_path)


def file_question(call):
    """A question that takes three files."""
    question = call.questions.filter(type="file").last()
    question.rules["max_count"] = 3
    question.save(update_fields=["rules"])
    return question


def dead():
    """Neither broker nor worker: the web processes judge alone."""
    return {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}


@pytest.mark.parametrize("count", [10, 40])
def test_bombs_of_many_people_hold_nobody_up(call, count):
    """Thresholds for a machine that tests something else beside; `bench/attacks.py` measures by the strict ones."""
    people = [make_draft(call, at=clock.real()) for _n in range(count // 2)]
    content, question = bomb(), file_question(call)
    uploads = [FileUpload(one, question, f"{n}.pdf", content) for one in people for n in (1, 2)]
    first, *others = [make_draft(call, at=clock.real()) for _n in range(25)]
    with serving(HDH_WEB_PROCESSES="2", **dead()) as (_process, port):
        Deposit(first).send(port).answer()
        found = attack(port, uploads, others)
    assert found.errors == []
    assert {status for status, _seconds in found.uploads} <= {302, 422}
    assert (found.p95(found.health) < 1, found.p95(found.deposits) < 2) == (True, True), found
    sent = Upload.objects.filter(application__in=people, question=question, name__in=["1.pdf", "2.pdf"])
    assert set(sent.values_list("state", flat=True)) <= {"refused"}


def test_file_that_waited_in_a_killed_process_is_judged_by_the_next(call):
    application = make_draft(call, at=clock.real())
    upload = FileUpload(application, file_question(call), "lettre.pdf", pdf(text="survit"))
    with serving(**dead()) as (process, port):
        with contextlib.ExitStack() as slots:
            while (slot := judging.free_slot()) is not None:
                slots.enter_context(slot)
            assert upload.send(port).status == 302
            assert Upload.objects.get(name="lettre.pdf").state == "waiting"
            for pid in pool_of(process):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: Upload.objects.get(name="lettre.pdf").state == "joined")
