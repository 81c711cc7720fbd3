"""Who scores what: pairs of dossiers and rapporteurs that satisfy every constraint, loads as even as these allow.

A flow of least cost: each dossier sends `sheets` units through its bodies (at most one each) to rapporteurs, and a
rapporteur's n-th unit costs n. Only the arcs out of the rapporteurs cost anything, so a shortest augmenting path ends
at the reachable rapporteur with the smallest load: successive shortest paths need no labels here and stay exact.
Source: Ahuja, Magnanti, Orlin, *Network Flows* (1993), ch. 9.7 (successive shortest paths) and 14 (convex costs).

No Django here. Rapporteurs are bits of integers, so that one operation looks at all of them.
"""

import hashlib
from dataclasses import dataclass

BODIES = "bodies"
INTERESTS = "interests"
CAPACITIES = "capacities"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A dossier that cannot be served together with those before it, because of `constraint`.

    BODIES: all rapporteurs come from `found` bodies, too few; INTERESTS: `found` bodies remain without `apart`, who
    must not meet it; CAPACITIES: `found` bodies remain, and of who could take it, `full` have no room left, whatever is
    moved. `apart`, `full`: ids of rapporteurs, in their order.
    """

    dossier: object
    constraint: str
    found: int
    apart: tuple = ()
    full: tuple = ()


class Infeasible(Exception):
    """No assignment satisfies the constraints: `shortfalls` names every dossier that stays without its rapporteurs."""

    def __init__(self, shortfalls):
        super().__init__(", ".join(f"{one.dossier}: {one.constraint} ({one.found})" for one in shortfalls))
        self.shortfalls = shortfalls


def match(dossiers, rapporteurs, bodies, interests, capacities, *, sheets, kept=()):
    """Give each dossier `sheets` rapporteurs of different bodies; returns `[(dossier, rapporteur)]`, by dossier.

    `dossiers`, `rapporteurs`: sequences of hashable ids, each once. `bodies`: `{rapporteur: body}`. `interests`: set of
    `(rapporteur, dossier)` that must not meet. `capacities`: `{rapporteur: most sheets, or None}`. `kept`: pairs that
    stand already: part of the result, never moved; one that breaks a constraint is a `ValueError`.

    The squares of the loads sum to the least possible: they differ by 1 at most wherever that can be. The same input
    gives the same pairs; ties are drawn by SHA-256 of both ids, so that no two rapporteurs go together by their places.
    Raises `Infeasible`. Cost: one search for each unit, over the pairs at most.
    """
    flow = _Flow(dossiers, rapporteurs, bodies, interests, capacities, sheets)
    for dossier, rapporteur in kept:
        flow.fix(dossier, rapporteur)
    served = [flow.serve(dossier) for dossier in range(len(flow.dossiers))]
    shortfalls = [shortfall for shortfall in served if shortfall is not None]
    if shortfalls:
        raise Infeasible(shortfalls)
    return flow.pairs()


class _Flow:
    """The flow so far, dossiers and rapporteurs as places in their sequences.

    `taken[d]`: `{rapporteur: moves}`, False for a pair that is kept; `moving[r]`: dossiers that could leave r;
    `free[d]`: bits of the rapporteurs whose body does not serve d yet, without those that have an interest.
    """

    def __init__(self, dossiers, rapporteurs, bodies, interests, capacities, sheets):
        self.dossiers, self.rapporteurs, self.sheets = list(dossiers), list(rapporteurs), sheets
        self.place = {name: place for place, name in enumerate(self.rapporteurs)}
        self.dossier_place = {name: place for place, name in enumerate(self.dossiers)}
        if len(self.place) < len(self.rapporteurs) or len(self.dossier_place) < len(self.dossiers):
            raise ValueError("an id stands twice")
        self.same_body = self._masks(bodies)
        self.room = [capacities.get(name) for name in self.rapporteurs]
        self.load = [0] * len(self.rapporteurs)
        everyone = (1 << len(self.rapporteurs)) - 1
        self.allowed = [everyone] * len(self.dossiers)
        for rapporteur, dossier in interests:
            if rapporteur in self.place and dossier in self.dossier_place:
                self.allowed[self.dossier_place[dossier]] &= ~(1 << self.place[rapporteur])
        self.free = list(self.allowed)
        self.taken = [{} for _ in self.dossiers]
        self.moving = [{} for _ in self.rapporteurs]

    def _masks(self, bodies):
        """For each rapporteur the bits of all of the same body."""
        masks = {}
        for place, name in enumerate(self.rapporteurs):
            masks[bodies[name]] = masks.get(bodies[name], 0) | 1 << place
        return [masks[bodies[name]] for name in self.rapporteurs]

    def fix(self, dossier, rapporteur):
        """Take a pair that stands; it is never moved."""
        if dossier not in self.dossier_place or rapporteur not in self.place:
            raise ValueError(f"kept pair of an unknown id: {dossier!r}, {rapporteur!r}")
        d, r = self.dossier_place[dossier], self.place[rapporteur]
        if not self.free[d] >> r & 1 or not self._has_room(r) or len(self.taken[d]) == self.sheets:
            raise ValueError(f"kept pair breaks a constraint: {dossier!r}, {rapporteur!r}")
        self._give(d, r)
        self.taken[d][r] = False
        del self.moving[r][d]

    def serve(self, d):
        """Send what is missing of a dossier, one unit at a time, each along a shortest augmenting path.

        Returns the `Shortfall` of one that cannot have all, which then takes no room from those after it, or None.
        """
        while len(self.taken[d]) < self.sheets:
            least = min((self.load[r] for r in range(len(self.load)) if self._has_room(r)), default=None)
            parents = {}
            end = None if least is None else self._search(d, parents, least)
            if end is None:
                return self._shortfall(d)
            self.load[end] += 1
            self._augment(d, parents, end)
        return None

    def _search(self, d, parents, least):
        """The reachable rapporteur with room and the smallest load, breadth first; None if there is none.

        `parents` is filled with `{r: None | (r before, dossier moved from it to r)}`. Breadth first matters: of
        shortest paths none gives one body to a dossier twice. `least` ends the search: nobody has a smaller load.
        """
        best, unseen = None, (1 << len(self.rapporteurs)) - 1
        new, before, moved = self.free[d], None, None
        queue, head = [], 0
        while True:
            unseen &= ~new
            for r in _bits(new):
                parents[r] = None if before is None else (before, moved)
                queue.append(r)
                if self._has_room(r) and (best is None or self._rank(d, r) < self._rank(d, best)):
                    best = r
            if best is not None and self.load[best] == least:
                return best
            if not unseen:
                return best
            found = self._next(queue, head, unseen)
            if found is None:
                return best
            head, new, before, moved = found

    def _next(self, queue, head, unseen):
        """`(head, new bits, r, dossier)` of the next move in the queue that reaches somebody new, or None."""
        while head < len(queue):
            r = queue[head]
            for dossier in self.moving[r]:
                new = (self.free[dossier] | self.same_body[r] & self.allowed[dossier]) & unseen
                if new:
                    return head, new, r, dossier
            head += 1
        return None

    def _augment(self, d, parents, end):
        """Shift the dossiers along the path that ends at `end`, the last first; `d` takes its first rapporteur."""
        path = [end]
        moves = []
        while parents[path[-1]] is not None:
            before, moved = parents[path[-1]]
            moves.append((moved, before, path[-1]))
            path.append(before)
        for moved, before, _after in moves:
            self._take_away(moved, before)
        for moved, _before, after in moves:
            self._put(moved, after)
        self._put(d, path[-1])

    def _give(self, d, r):
        self.load[r] += 1
        self._put(d, r)

    def _put(self, d, r):
        self.taken[d][r] = True
        self.moving[r][d] = None
        self.free[d] &= ~self.same_body[r]

    def _take_away(self, d, r):
        del self.taken[d][r]
        del self.moving[r][d]
        self.free[d] |= self.same_body[r] & self.allowed[d]

    def _has_room(self, r):
        return self.room[r] is None or self.load[r] < self.room[r]

    def _rank(self, d, r):
        """Smallest load first; ties by lot, the same for the same ids."""
        lot = hashlib.sha256(f"{self.dossiers[d]!r} {self.rapporteurs[r]!r}".encode()).digest()
        return self.load[r], lot

    def _shortfall(self, d):
        """Why a dossier is not served; what it had taken is free again."""
        everywhere, able = set(self.same_body), list(_bits(self.allowed[d]))
        remaining = {self.same_body[r] for r in able}
        name, names = self.dossiers[d], self.rapporteurs
        apart = tuple(names[r] for r in range(len(names)) if not self.allowed[d] >> r & 1)
        full = tuple(names[r] for r in able if not self._has_room(r) and r not in self.taken[d])
        for r in [r for r, moves in self.taken[d].items() if moves]:
            self._take_away(d, r)
            self.load[r] -= 1
        if len(everywhere) < self.sheets:
            return Shortfall(name, BODIES, len(everywhere))
        if len(remaining) < self.sheets:
            return Shortfall(name, INTERESTS, len(remaining), apart)
        return Shortfall(name, CAPACITIES, len(remaining), apart, full)

    def pairs(self):
        """All pairs, dossiers in their order, rapporteurs in theirs."""
        return [(self.dossiers[d], self.rapporteurs[r]) for d, taken in enumerate(self.taken) for r in sorted(taken)]


def _bits(mask):
    """Places of the bits that are set."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
