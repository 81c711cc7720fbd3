"""A plain timetable, without database: sittings and a number of hearings in, an instant for each out.

Instants are aware, in the zone in which noon is meant; lengths are whole minutes.
"""

from datetime import time, timedelta
from hashlib import sha256

# A longer sitting keeps a pause; the first of these that leaves room for every hearing is taken, else none.
LONG = timedelta(hours=5)
PAUSES = ((time(12), time(13, 30)), (time(12, 30), time(13, 30)), None)


def slots(opens_at, closes_at, minutes, pause=None):
    """Instants at which hearings of `minutes` can follow one another in a sitting, none of them over the pause.

    `pause`: two times of the day, kept only in a sitting longer than five hours.
    """
    length, found, start = timedelta(minutes=minutes), [], opens_at
    begins, ends = _pause_of(opens_at, closes_at, pause)
    while start + length <= closes_at:
        if begins is not None and start < ends and start + length > begins:
            start = ends
            continue
        found.append(start)
        start += length
    return found


def _pause_of(opens_at, closes_at, pause):
    if pause is None or closes_at - opens_at <= LONG:
        return None, None
    return [opens_at.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0) for at in pause]


def drawn(seed, references):
    """References in the order that a seed gives: that of the SHA-256 of « seed reference », as hexadecimal text.

    Whoever has the seed, which the journal holds before it is used, finds the same order (`manage.py verify_draw`).
    """
    return sorted(references, key=lambda one: sha256(f"{seed} {one}".encode()).hexdigest())


def propose(sittings, minutes, count):
    """`[(place of the sitting, instant)]`, `count` of them at most, spread evenly over the sittings, in order.

    `sittings`: `[(opens_at, closes_at)]` in order. Fewer come back only where even without a pause there is no room.
    """
    for pause in PAUSES:
        rooms = [slots(opens_at, closes_at, minutes, pause) for opens_at, closes_at in sittings]
        if sum(map(len, rooms)) >= count or pause is None:
            return _spread(rooms, count)
    raise AssertionError("the last pause is none")


def _spread(rooms, count):
    """An even share for each sitting; what one cannot hold goes to the others, the first ones first."""
    left, shares = count, []
    for place, room in enumerate(rooms):
        shares.append(min(len(room), -(-left // (len(rooms) - place))))
        left -= shares[-1]
    for place, room in enumerate(rooms):
        more = min(left, len(room) - shares[place])
        shares[place] += more
        left -= more
    return [(place, start) for place, room in enumerate(rooms) for start in room[: shares[place]]]
