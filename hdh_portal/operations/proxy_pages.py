"""The proxy's own pages, for when the portal is silent or a request does not reach it.

They are files (`502.html` and so on) in HDH_PROXY_DIR, which nginx serves (docs/nginx.conf): each stands alone, for
nothing of the portal can be asked then. They say what is safe, when the calls close and whom to telephone, so they are
written anew when one of these changes.
"""

import base64
import datetime
import os
import re
import secrets

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from applications.models import Call
from hdh_portal.ground import clock

STATIC = settings.BASE_DIR / "static"
WEIGHTS = (400, 700)
# So long after a closing its hour still stands there: whoever missed it by a minute wants to know.
STILL_SHOWN = datetime.timedelta(days=1)


def texts():
    """`{status: {title, what, act}}`: what has happened and what to do, for each answer that nginx gives by itself."""
    wait = _("Attendez une demi-minute, puis rechargez cette page.")
    return {
        413: {
            "title": _("Cet envoi est trop lourd"),
            "what": _("Il dépasse ce que cette page peut recevoir. Le portail ne l’a pas lu, et rien n’a changé."),
            "act": _(
                "Revenez à la page précédente. Allégez le fichier jusqu’à la taille qu’elle indique\u00a0; "
                "si c’est un texte, raccourcissez-le, puis enregistrez de nouveau."
            ),
        },
        429: {
            "title": _("Trop de demandes à la fois"),
            "what": _(
                "Votre connexion, ou celle de votre établissement, en a envoyé trop en peu de temps. "
                "Celle-ci n’est pas parvenue au portail, et rien n’a changé."
            ),
            "act": _("Attendez dix secondes, puis recommencez."),
        },
        502: {
            "title": _("Le portail ne répond pas"),
            "what": _("Il redémarre, ou il vient de s’arrêter. Votre dernière demande n’a peut-être pas été traitée."),
            "act": wait,
        },
        503: {
            "title": _("Le portail est arrêté un instant"),
            "what": _("Votre dernière demande n’a pas été traitée."),
            "act": wait,
        },
        504: {
            "title": _("Le portail met trop de temps à répondre"),
            "what": _("Votre demande lui est bien parvenue\u00a0: elle a peut-être été traitée, ou va l’être."),
            "act": wait,
        },
    }


def pages():
    """`{file name: HTML}`, as they should stand now."""
    template, calls, style = get_template("operations/proxy_page.html"), _calls(clock.now()), _style()
    frame = {"style": style, "calls": calls, "name": settings.HDH_PORTAL_NAME, "operators": settings.HDH_OPERATORS}
    return {
        f"{status}.html": template.render(frame | {"page": page, "status": status}) for status, page in texts().items()
    }


def _calls(now):
    """What a page says of each call that is open, or closed a day ago at most; the soonest closing first."""
    found = [call for call in Call.objects.prefetch_related("window_set") if _is_shown(call.submission, now)]
    return [
        {
            "title": call.title,
            "closes_at": call.submission.closes_at,
            "is_over": call.submission.is_over(now),
            "phone": call.texts["contact"]["phone"],
            "dialled": re.sub(r"[^+\d]", "", call.texts["contact"]["phone"]),
            "email": call.texts["contact"]["email"],
        }
        for call in sorted(found, key=lambda call: (call.submission.closes_at, call.pk))
    ]


def _is_shown(window, now):
    return window.opens_at <= now < window.closes_at + STILL_SHOWN


def _style():
    """The tokens of the theme, the two faces of its letter and the rules of these pages, as one element."""
    tokens = re.search(r":root \{.*?\n\}", (STATIC / "css" / "theme.css").read_text(encoding="utf-8"), re.DOTALL)[0]
    rules = (STATIC / "css" / "proxy.css").read_text(encoding="utf-8")
    # Written here, for a page of the portal itself never holds a style of its own; nothing in it comes from a person.
    return mark_safe("\n".join(["<style>", *map(_face, WEIGHTS), tokens, rules, "</style>"]))  # noqa: S308


def _face(weight):
    data = base64.b64encode((STATIC / "fonts" / f"radio-canada-{weight}.woff2").read_bytes()).decode()
    source = f'url("data:font/woff2;base64,{data}") format("woff2")'
    return f'@font-face {{ font-family: "Radio Canada"; font-weight: {weight}; src: {source}; }}'


def write():
    """Write the pages that are not yet as they should stand; returns their names."""
    folder = settings.HDH_PROXY_DIR
    folder.mkdir(parents=True, exist_ok=True)
    changed = {name: text for name, text in pages().items() if _text_of(folder / name) != text}
    for name, text in changed.items():
        _replace(folder / name, text)
    return sorted(changed)


def _text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _replace(path, text):
    """A page is whole at every instant, and nginx, which is another person of the machine, may read it."""
    fresh = path.with_name(f".new-{secrets.token_hex(8)}")
    try:
        fresh.write_text(text, encoding="utf-8")
        os.chmod(fresh, 0o644)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
