"""All attacks in turn, and the table of what they measured."""

from bench.attacking import crowds, figures, instant, operators, queues, texts
from bench.attacking.stage import installed

# Name, attack (`stage -> {key of a figure: value}`), is it cheap?
ATTACKS = (
    ("slow body", instant.slow_bodies, True),
    ("stamps", instant.stamps, True),
    ("verifier", texts.verifier, True),
    ("anonymous", texts.anonymous, True),
    ("names", texts.names, True),
    ("fuzz", texts.fuzz, False),
    ("lock", operators.held_lock, False),
    ("keys", operators.weak_keys, True),
    ("orphans", operators.orphans, True),
    ("slow connections", crowds.slow_connections, False),
    ("10 bombs", crowds.ten_bombs, False),
    ("40 bombs", crowds.forty_bombs, False),
    ("sweeps", queues.ten_sweeps, True),
    ("smtp", queues.mail_server_away, True),
    ("long dossier", queues.long_dossier, False),
    ("mail", queues.mail_behind_papers, False),
)
HEAD = "| attack | what was measured | before | source | now | limit | |\n|---|---|--:|---|--:|--:|---|"


def run(options, folder, database, redis):
    """Attack and print; returns the exit code."""
    chosen = [attack for name, attack, cheap in ATTACKS if is_asked(options, name, cheap)]
    kept = []
    with installed(folder, database, redis) as stage:
        print(HEAD, flush=True)
        for attack in chosen:
            for key, value in attack(stage).items():
                print(figures.line(key, value), flush=True)
                kept.append(figures.FIGURES[key].is_kept(value))
    print(f"\n{len(kept)} numbers, {len(kept) - sum(kept)} beyond their limit.")
    return 0 if kept and all(kept) else 1


def is_asked(options, name, cheap):
    """True for an attack that the command line asks for."""
    return (cheap or not options.cheap) and (not options.only or any(word in name for word in options.only))
