"""The instant of a request: told by the proxy that is trusted, in one form only, else the end of its body."""

import datetime
import io
import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hdh_portal import wsgi
from hdh_portal.ground import clock
from hdh_portal.web import proxy
from hdh_portal.web.middleware import ArrivalMiddleware

pytestmark = pytest.mark.embedded

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
PROXY, STRANGER = "10.0.0.7", "192.0.2.9"


@pytest.fixture(autouse=True)
def no_stamp_was_seen(data_dir):
    """Each test begins and ends as a portal whose proxy has said nothing yet."""
    yield
    proxy.watch.forget()
    (data_dir / "clock-offset").unlink(missing_ok=True)


@pytest.fixture
def arrival(settings):
    """`arrival(header, address) -> request.arrived_at`, with one network of proxies."""
    settings.HDH_TRUSTED_PROXY = ["10.0.0.0/24"]

    def arrive(header, address):
        extra = {"headers": {"X-Request-Start": header}} if header else {}
        request = RequestFactory().get("/", REMOTE_ADDR=address, **extra)
        ArrivalMiddleware(lambda request: None)(request)
        return request.arrived_at

    return arrive


def told(seconds_ago):
    """An instant to the millisecond, and its header in nginx's form."""
    instant = clock.real() - datetime.timedelta(seconds=seconds_ago)
    stamp = f"{instant.timestamp():.3f}"
    return datetime.datetime.fromtimestamp(float(stamp), datetime.UTC), f"t={stamp}"


def is_just_now(instant):
    return clock.real() - instant < datetime.timedelta(seconds=2)


@pytest.mark.parametrize("seconds", [3, 119])
def test_instant_of_the_proxy_counts(arrival, seconds):
    instant, header = told(seconds)
    assert arrival(header, PROXY) == instant


def test_instant_of_a_stranger_is_not_believed(arrival, caplog):
    _instant, header = told(30)
    assert is_just_now(arrival(header, STRANGER))
    assert f"X-Request-Start not believed, from {STRANGER}" in caplog.text


@pytest.mark.parametrize("seconds", [-30, 121, 599])
def test_future_or_old_instant_is_not_believed(arrival, caplog, seconds):
    _instant, header = told(seconds)
    assert is_just_now(arrival(header, PROXY))
    assert "X-Request-Start not believed" in caplog.text


@pytest.mark.parametrize("form", ["{}", "t={}000", "t={},t={}", " T={}", "t=nan", "{:.0f}"])
def test_other_form_is_not_believed(arrival, caplog, form):
    stamp = clock.real().timestamp() - 30
    text = form.format(*[stamp if "." in form else f"{stamp:.3f}"] * 2)
    assert is_just_now(arrival(text, PROXY))
    assert "X-Request-Start not believed" in caplog.text


def environ_of(content_type, body, length):
    """What gunicorn gives of a POST; `length`: what its header announces."""
    told = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(length), "wsgi.input": body}
    return RequestFactory().post("/").environ | told


def request_of(environ):
    return type(RequestFactory().get("/"))(environ)


class SlowBody(io.BytesIO):
    """A body whose every reading takes a fifth of a second."""

    def read(self, *size):
        time.sleep(0.2)
        return super().read(*size)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"titre=Un+titre"),
        (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="titre"\r\n\r\nUn titre\r\n--x--\r\n'),
    ],
)
def test_without_a_proxy_the_end_of_the_body_counts(content_type, body):
    begun, request = clock.real(), request_of(environ_of(content_type, SlowBody(body), len(body)))
    ArrivalMiddleware(lambda request: None)(request)
    assert request.arrived_at - begun >= datetime.timedelta(seconds=0.2)
    assert request.POST["titre"] == "Un titre"


def test_without_a_proxy_and_a_body_the_entry_counts(arrival):
    assert is_just_now(arrival(None, STRANGER))


@pytest.mark.parametrize("content_type", [FORM, MULTIPART])
def test_body_that_ends_early_never_reaches_a_page(caplog, monkeypatch, content_type):
    reached = []
    portal = ArrivalMiddleware(lambda request: reached.append(request) or HttpResponse())
    monkeypatch.setattr(wsgi, "portal", lambda environ, _start: portal(request_of(environ)))
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'
    for length, answer in ((len(body) + 10, 400), (len(body), 200)):
        assert wsgi.application(environ_of(content_type, io.BytesIO(body), length), None).status_code == answer
    assert (len(reached), "a body was broken off" in caplog.text) == (1, True)


# The two clocks ------------------------------------------------------------------------------------------------


@pytest.fixture
def see(settings):
    """`see(age, after=0)`: a stamp that is so old when it comes, in seconds; `after` the first one, in seconds."""
    began = clock.real()

    def stamp(age, after=0.0):
        entered = began + datetime.timedelta(seconds=after)
        proxy.watch.see(entered - datetime.timedelta(seconds=age), entered)
        return proxy.clock_offset()

    return stamp


def test_proxy_ahead_by_more_than_two_seconds_is_told_at_once(see, caplog):
    assert (see(-1.9), see(-2.5)) == (0.0, 2.5)
    assert "the proxy's clock and ours are apart: +2.500 s" in caplog.text


def test_proxy_behind_is_told_after_a_minute_in_which_no_stamp_was_young(see):
    assert [see(9, 0), see(7.5, 30), see(300, 59)] == [0.0, 0.0, 0.0]
    assert see(8, 61) == -7.5


def test_stalled_worker_is_not_taken_for_a_clock(see):
    assert [see(55, 0), see(50, 20), see(0.1, 40), see(40, 70), see(3, 95)] == [0.0] * 5


def test_clocks_are_told_once_a_minute_and_until_they_agree_again(see, caplog):
    assert [see(-3, second) for second in (0, 20, 40)] == [3.0] * 3
    assert caplog.text.count("are apart") == 1
    assert (see(-4, 61), caplog.text.count("are apart")) == (4.0, 2)
    assert (see(0, 70), "agree again" in caplog.text) == (0.0, True)


def test_what_was_told_of_the_clocks_stands_for_ten_minutes(see):
    assert (see(-3, -601), see(-3, -599 + 60)) == (0.0, 3.0)


@pytest.mark.parametrize(("peer", "is_secure"), [(PROXY, True), (STRANGER, False)])
def test_only_the_proxy_says_that_a_request_came_by_https(settings, peer, is_secure):
    settings.HDH_TRUSTED_PROXY = ["10.0.0.0/24"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-Proto": "https"})
    ArrivalMiddleware(lambda request: None)(request)
    assert request.is_secure() is is_secure
