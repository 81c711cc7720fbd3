"""The name of a body in a sentence: its article, and what « de » makes of it."""

import re

ARTICLES = ("", "le", "la", "l’", "les")
_OF = {"le": "du ", "la": "de la ", "l’": "de l’", "les": "des "}
_ELIDING = re.compile(r"[aeiouàâäæéèêëîïôöœùûü]", re.IGNORECASE)


def with_article(name, article):
    """« la Direction », « l’Institut »; « Talence » where `article`, one of `ARTICLES`, is empty."""
    if not article:
        return name
    return f"{article}{'' if article.endswith('’') else ' '}{name}"


def of(name, article):
    """« du Hub », « de la Direction », « de l’Institut », « des Hospices »; « de Talence », « d’Elbeuf » where none.

    An h is taken for aspirated: a name that wants « l’ » says so by its article.
    """
    without = "d’" if _ELIDING.match(name) else "de "
    return _OF.get(article, without) + name
