"""The instant of a request: told by the proxy that is trusted, in one form only, else the entry into the process."""

import datetime

import pytest
from django.test import RequestFactory

from hdh_portal import clock
from hdh_portal.middleware import ArrivalMiddleware

PROXY, STRANGER = "10.0.0.7", "192.0.2.9"


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


@pytest.mark.parametrize("seconds", [3, 599])
def test_instant_of_the_proxy_counts(arrival, seconds):
    instant, header = told(seconds)
    assert arrival(header, PROXY) == instant


def test_instant_of_a_stranger_is_not_believed(arrival):
    _instant, header = told(30)
    assert is_just_now(arrival(header, STRANGER))


@pytest.mark.parametrize("seconds", [-30, 601])
def test_future_or_old_instant_is_not_believed(arrival, seconds):
    _instant, header = told(seconds)
    assert is_just_now(arrival(header, PROXY))


@pytest.mark.parametrize("form", ["{}", "t={}000", "t={},t={}", " T={}", "t=nan", "{:.0f}"])
def test_other_form_is_not_believed(arrival, form):
    stamp = clock.real().timestamp() - 30
    text = form.format(*[stamp if "." in form else f"{stamp:.3f}"] * 2)
    assert is_just_now(arrival(text, PROXY))


def test_without_a_proxy_the_entry_counts(arrival):
    assert is_just_now(arrival(None, STRANGER))
