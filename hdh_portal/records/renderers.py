"""Who makes papers and mails, each under a key of its own: a row keeps the key, so that it outlives the folders.

A floor registers a renderer where it is written, in a `documents.py` or `emails.py`; `discover` finds these files when
the floor starts. A renderer is a function `subject id -> Paper, Pictures or Mail`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.utils.translation import gettext

from hdh_portal.ground import french

_found = {}


@dataclass(frozen=True)
class Renderer:
    """`floor`: the package that registered it; `message`: French, untranslated."""

    key: str
    message: str
    make: Callable

    @property
    def kind(self):
        """What the work is, for people."""
        return gettext(self.message)

    @property
    def floor(self):
        return self.make.__module__.partition(".")[0]


def renderer(key, message):
    """Register the function below under a key that no other has, for ever: rows hold it.

    `message`: what the work is, marked by `gettext_noop`.
    """

    def registered(make):
        current = _found.setdefault(key, Renderer(key, message, make))
        if current.make is not make:
            raise ValueError(f"{key} is the key of {current.make.__module__}.{current.make.__qualname__}")
        return make

    return registered


def all_renderers():
    """`{key: Renderer}` of every floor that has started."""
    return dict(_found)


def kind_of(key):
    """What a work is, for people; the key itself where nobody registered it."""
    return _found[key].kind if key in _found else key


def render(key, subject):
    """What the renderer of a key makes of a subject now; a key that nobody registered is a `LookupError`.

    It is written in the portal's language, never in that of the page which asks for it.
    """
    if key not in _found:
        raise LookupError(f"no renderer is registered under {key!r}")
    with french.official():
        return _found[key].make(subject)


def discover(package):
    """Import the `documents` and `emails` of a package and of its steps (called by its `AppConfig.ready`)."""
    root = Path(import_module(package).__file__).parent
    for name in ("documents", "emails"):
        for path in sorted([*root.glob(f"{name}.py"), *root.glob(f"*/{name}.py")]):
            import_module(".".join((package, *path.relative_to(root).with_suffix("").parts)))
