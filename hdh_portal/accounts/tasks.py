"""What the worker sweeps away of accounts: sessions that are over."""

import datetime

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from hdh_portal.ground import clock

JUST_BEGUN = datetime.timedelta(hours=1)


@shared_task
def clear_sessions():
    """Each hour: delete the sessions that are over, with what was kept in them, then the lines of who had them."""
    SessionStore.clear_expired()
    # A line may be written just before its session is.
    old = UserSession.objects.filter(created_at__lt=clock.real() - JUST_BEGUN)
    old.exclude(session_key__in=Session.objects.values("session_key")).delete()
