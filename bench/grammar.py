"""Spelling and grammar of every sentence of the portal and of the calls that it carries, read by Grammalecte.

Needs Debian's grammalecte-cli. Sentences are those that the portal translates from (`make messages`) and the texts of
the call files; what stands in braces or percents is read as « X ». Prints each fault; exit code 1 if there is one.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
MESSAGES = ROOT / "locale/en/LC_MESSAGES/django.po"
FILES = ("hdh_portal/demo/call-2020.toml", "hdh_portal/demo/texts-2020.toml")
MESSAGE = re.compile(r'^(?:msgid|msgid_plural) ((?:".*"\n)+)', re.MULTILINE)
BLANKS = re.compile(r"\(%\(\w+\)s\)|%\(\w+\)s|%s|\{\{?[^{}]*\}?\}")
# Typography is the house's own test (tests/portal/test_messages.py), which knows what a placeholder stands for.
OFF = ("nbsp", "apos", "typo", "esp", "unit", "num", "maj", "poncfin", "virg", "tab", "liga", "nf", "html", "idrule")
# What is right where it stands: labels that are no imperatives, quoted names, nouns of office, acronyms.
KNOWN = re.compile(
    r"X : reprend|rend ce qu’une tâche|question long_text|depuis un lien|seuls les membres|rapporteur de"
    r"|X X|Arrivée? le|[Ee]xpirée? le|page « Données|plateforme « Données|[Ll]a CNAM|ont part à l’examen"
    r"|Le pôle données|soin, données et statistique|thérapie fondés"
)
AROUND = 20  # characters before and after a fault by which it is known


def sentences():
    """Every text, once, its placeholders filled with a letter."""
    found = [
        "".join(json.loads(part) for part in re.findall(r'".*"', message))
        for message in MESSAGE.findall(MESSAGES.read_text())
    ]
    for name in FILES:
        found += _texts(tomllib.loads((ROOT / name).read_text()))
    return sorted({" ".join(BLANKS.sub("X", text).split()) for text in found if " " in text.strip()})


def _texts(value):
    if isinstance(value, str):
        return value.split("\n\n")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def faults(texts):
    """`[(text, wrong part, what is said of it)]`."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(texts))
        file.flush()
        command = ["grammalecte-cli", "--file", file.name, "--json", "--only_when_errors", "--opt_off", *OFF]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = []
    for paragraph in json.loads(said)["data"]:
        text = texts[paragraph["iParagraph"] - 1]
        for fault in paragraph["lGrammarErrors"]:
            start, end = fault["nStart"], fault["nEnd"]
            if not KNOWN.search(text[max(0, start - AROUND) : end + AROUND]):
                found.append((text, text[start:end], fault["sMessage"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.parse_args()
    if shutil.which("grammalecte-cli") is None:
        sys.exit("grammalecte-cli is needed; type: sudo apt-get install grammalecte-cli")
    texts = sentences()
    found = faults(texts)
    for text, wrong, said in found:
        print(f"« {wrong} » : {said}\n    {text}")
    print(f"{len(texts)} sentences, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
