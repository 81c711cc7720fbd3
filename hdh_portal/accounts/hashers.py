"""Argon2 at OWASP's second setting: 19 MiB, two passes, one lane (21 ms a login instead of 180 and 100 MB)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Chosen before the first user: with mixed parameters the time of a login would tell who has an account."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1
