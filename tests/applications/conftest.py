"""What the pages of officers need: a person signed in with a second factor."""

import pytest
from allauth.mfa.models import Authenticator


@pytest.fixture
def sign_in(client):
    """Sign an officer in, with a second factor; returns the client."""

    def enter(officer):
        Authenticator.objects.get_or_create(user=officer.user, type="totp", defaults={"data": {"secret": "x"}})
        client.force_login(officer.user)
        return client

    return enter
