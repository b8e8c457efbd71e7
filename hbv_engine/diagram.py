"""A table and all it depends on, as one decision diagram over its inputs.

The cube of all cells is walked input by input. Two partial patients for whom the same rules are
still alive behave alike from there on, so they share a node: the diagram is the whole cube,
exactly, in a few dozen nodes. It is built once and then answers everything: gaps and overlaps (at
build time), the verdict for a patient, what is still possible when facts are missing, and which of
the missing facts can still matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hbv_engine.axes import cells_of
from hbv_engine.book import Book, Table
from hbv_engine.errors import RulebookError

GAP = "gap"
OVERLAP = "overlap"
State = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Restricted:
    """The part of a diagram that a patient can still reach, reduced.

    A node is a number: below 0 the leaf ``~node``; from 0 a node of the diagram itself, shared
    because nothing at or below it is restricted; from the diagram's number of nodes on, one of
    ``nodes``, which are ``(level, cells, children)``. ``support`` is the mask of the levels that
    occur: the inputs whose answer can still change the outcome, and no others. ``outcomes`` is the
    mask of the leaves that can still be reached.
    """

    diagram: Diagram
    root: int
    nodes: list[tuple[int, tuple[int, ...], tuple[int, ...]]]
    support: int
    outcomes: int

    @property
    def leaves(self) -> tuple[str, ...]:
        """The names of the leaves."""
        return self.diagram.leaves

    @property
    def levels(self) -> tuple[int, ...]:
        """The inputs, by level, whose answer can still change the outcome."""
        return cells_of(self.support)

    def outcomes_when(self, level: int, cell: int) -> int:
        """Mask of the leaves that can be reached if one input lies in one cell."""
        shared = self.diagram
        done: dict[int, int] = {}

        def reach(node: int) -> int:
            if node < 0:
                return 1 << ~node
            if node < len(shared.nodes) and not shared.supports[node] >> level & 1:
                return shared.reaches[node]
            mask = done.get(node, 0)
            if not mask:
                for child in self._children(node, level, cell):
                    mask |= reach(child)
                done[node] = mask
            return mask

        return reach(self.root)

    def _children(self, node: int, level: int, cell: int) -> tuple[int, ...]:
        """Return a node's children, or at one level only the child of one cell."""
        own = node - len(self.diagram.nodes)
        if own < 0:
            at, children = self.diagram.nodes[node]
            return (children[cell],) if at == level else children
        at, cells, children = self.nodes[own]
        return (children[cells.index(cell)],) if at == level else children


@dataclass(slots=True)
class Diagram:
    """The decision diagram of one table.

    ``levels[i][node][cell]`` is a node of level ``i + 1``: every path meets every input, which
    suits columns of patients. ``nodes`` is the same without the inputs that make no difference at a
    place: ``(level, children)``, a child below 0 being the leaf ``~child``; it suits one patient.
    ``supports`` and ``reaches`` are, for each node, the masks of the levels and of the leaves at or
    below it.
    """

    table: str
    inputs: tuple[str, ...]
    levels: list[list[tuple[int, ...]]]
    leaves: tuple[str, ...]
    nodes: list[tuple[int, tuple[int, ...]]]
    root: int
    supports: list[int] = field(init=False, default_factory=list)
    reaches: list[int] = field(init=False, default_factory=list)
    places: dict[tuple[int, tuple[int, ...]], int] = field(init=False)

    def __post_init__(self) -> None:
        """Work out what lies below each node; children stand before their parents."""
        self.places = {node: i for i, node in enumerate(self.nodes)}
        for level, children in self.nodes:
            support, reach = 1 << level, 0
            for child in children:
                support |= self.supports[child] if child >= 0 else 0
                reach |= self.reaches[child] if child >= 0 else 1 << ~child
            self.supports.append(support)
            self.reaches.append(reach)

    @property
    def size(self) -> int:
        """Number of inner nodes."""
        return sum(map(len, self.levels))

    def walk(self, cells: Sequence[int]) -> str:
        """Return the outcome of a patient whose every input lies in a known cell."""
        node = self.root
        while node >= 0:
            level, children = self.nodes[node]
            node = children[cells[level]]
        return self.leaves[~node]

    def restrict(self, masks: Sequence[int], *, among: int | None = None) -> Restricted:
        """Return what is left of the diagram when each input is confined to a mask of cells.

        ``among`` is a mask of leaves: only whether the outcome is one of them counts, so they become
        one leaf, and all others another.
        """
        return _Restriction(self, masks, among).result()

    def example(self, leaf: str) -> dict[str, int] | None:
        """Return the cells of one patient who ends at a leaf; None if nobody does."""
        if leaf not in self.leaves:
            return None
        wanted = {self.leaves.index(leaf)}
        ways: list[set[int]] = [wanted]
        for level in reversed(self.levels):
            ways.append({n for n, kids in enumerate(level) if set(kids) & ways[-1]})
        ways.reverse()
        if 0 not in ways[0]:
            return None
        node, path = 0, {}
        for name, level, below in zip(self.inputs, self.levels, ways[1:], strict=True):
            cell = next(c for c, child in enumerate(level[node]) if child in below)
            path[name], node = cell, level[node][cell]
        return path


class _Restriction:
    """Confines the inputs of a diagram to masks of cells; keeps what nothing restricts as it is."""

    def __init__(self, diagram: Diagram, masks: Sequence[int], among: int | None) -> None:
        self.diagram = diagram
        self.size = len(diagram.nodes)
        self.allowed = list(map(cells_of, masks))
        self.limited = 0
        for level, (cells, nodes) in enumerate(zip(self.allowed, diagram.levels, strict=True)):
            if len(cells) < len(nodes[0]):
                self.limited |= 1 << level
        self.leaves = None if among is None else self._grouped(among)
        if self.leaves:
            self.limited = -1  # with other leaves, no node of the diagram stays as it is
        self.done: dict[int, int] = {}
        self.places: dict[tuple[int, tuple[int, ...]], int] = {}
        self.found: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = []
        self.below: list[tuple[int, int]] = []

    def result(self) -> Restricted:
        root = self._visit(self.diagram.root)
        return Restricted(self.diagram, root, self.found, *self._about(root))

    def _visit(self, node: int) -> int:
        nodes, supports, allowed = self.diagram.nodes, self.diagram.supports, self.allowed
        while node >= 0 and supports[node] & self.limited:
            level, children = nodes[node]
            cells = allowed[level]
            if len(cells) > 1:
                known = self.done.get(node)
                if known is None:
                    ways = tuple([self._visit(children[cell]) for cell in cells])
                    known = self.done[node] = self._keep(level, cells, ways)
                return known
            node = children[cells[0]]
        return self.leaves[~node] if self.leaves and node < 0 else node

    def _grouped(self, among: int) -> list[int]:
        """Return for each leaf the one that stands for it: its own side of ``among``."""
        sides = [among >> leaf & 1 for leaf in range(len(self.diagram.leaves))]
        return [~sides.index(side) for side in sides]

    def _keep(self, level: int, cells: tuple[int, ...], ways: tuple[int, ...]) -> int:
        """Return the node with these children; the diagram's own one where it is the same."""
        if ways.count(ways[0]) == len(ways):
            return ways[0]
        place = (level, ways)
        known = self.places.get(place)
        if known is None and not self.limited >> level & 1:
            known = self.diagram.places.get(place)
        if known is None:
            known = self.size + len(self.found)
            support, reach = 1 << level, 0
            for levels, leaves in map(self._about, ways):
                support |= levels
                reach |= leaves
            self.found.append((level, cells, ways))
            self.below.append((support, reach))
        self.places[place] = known
        return known

    def _about(self, node: int) -> tuple[int, int]:
        """Return the masks of the levels and of the leaves at or below a node."""
        if node < 0:
            return 0, 1 << ~node
        if node >= self.size:
            return self.below[node - self.size]
        return self.diagram.supports[node], self.diagram.reaches[node]


def closure(book: Book, goal: str) -> tuple[Table, ...]:
    """Return a table and all tables it depends on, the ones depended on first.

    Raises:
        RulebookError: tables depend on each other in a circle.
    """
    found = book.closures.get(goal)
    if found is None:
        found = book.closures[goal] = _closure(book, goal)
    return found


def _closure(book: Book, goal: str) -> tuple[Table, ...]:
    done: list[Table] = []
    path: list[str] = []

    def visit(name: str) -> None:
        if name in path:
            raise RulebookError(f"Tables depend on each other: {' → '.join([*path, name])}.")
        table = book.tables[name]
        if table in done:
            return
        path.append(name)
        for column in table.columns:
            if column in book.tables:
                visit(column)
        path.pop()
        done.append(table)

    visit(goal)
    return tuple(done)


class _Builder:
    """Builds one diagram, level by level, from the set of rows still alive in each table."""

    def __init__(self, book: Book, goal: str, *, as_written: bool = False) -> None:
        self.book = book
        self.tables = closure(book, goal)
        self.goal = goal
        orders = [t.columns if as_written else (*t.asked_first, *t.columns) for t in self.tables]
        columns = [c for order in orders for c in order if c not in book.tables]
        self.inputs = tuple(dict.fromkeys(columns))
        self.position = {name: i for i, name in enumerate(self.inputs)}
        self.index = {t.id: i for i, t in enumerate(self.tables)}
        self.inner = [
            [(c, self.index[c]) for c in t.columns if c in self.index] for t in self.tables
        ]
        self.permits = [self._permits(t) for t in self.tables]
        self.resolves = self._resolve_levels()
        self.completes = [self._completion(t) for t in self.tables]
        self.ranks = [self._ranks(t) for t in self.tables]
        self.better = [self._better(ranks) for ranks in self.ranks]

    def _permits(self, table: Table) -> dict[str, list[int]]:
        """For each column, the mask of the rows that permit each cell."""
        found = {}
        for column in table.columns:
            axis = self.book.axes[column]
            masks = [axis.permits(row.conditions[column]) for row in table.rows]
            found[column] = [
                sum(1 << r for r, mask in enumerate(masks) if mask >> cell & 1)
                for cell in range(axis.size)
            ]
        return found

    def _resolve_levels(self) -> list[int]:
        levels: list[int] = []
        for table in self.tables:
            own = [
                levels[self.index[c]] if c in self.index else self.position[c]
                for c in table.columns
            ]
            levels.append(max(own, default=0))
        return levels

    def _completion(self, table: Table) -> dict[int, int]:
        """For each level, the mask of the rows about which nothing is open after it."""
        found: dict[int, int] = {}
        for r, row in enumerate(table.rows):
            at = 0
            for column, condition in row.conditions.items():
                if condition.text != "-":
                    inner = self.index.get(column)
                    at = max(at, self.position[column] if inner is None else self.resolves[inner])
            found[at] = found.get(at, 0) | 1 << r
        return found

    def _ranks(self, table: Table) -> list[int]:
        names = table.outcome_names
        return [len(names) - names.index(row.outcome) for row in table.rows]

    @staticmethod
    def _better(ranks: list[int]) -> list[int]:
        """For each rank, the mask of the rows that would beat it."""
        top = max(ranks, default=0)
        return [
            sum(1 << r for r, rank in enumerate(ranks) if rank > best) for best in range(top + 1)
        ]

    def build(self) -> Diagram:
        start: State = tuple(((1 << len(t.rows)) - 1, 0) for t in self.tables)
        states: list[State] = [start]
        levels: list[list[list[int]]] = []
        for depth, name in enumerate(self.inputs):
            size = self.book.axes[name].size
            index: dict[State, int] = {}
            level = []
            for state in states:
                children = []
                for cell in range(size):
                    after = self._step(state, depth, name, cell)
                    children.append(index.setdefault(after, len(index)))
                level.append(children)
            levels.append(level)
            states = list(index)
        names = self.tables[-1].outcome_names
        finals = [self._leaf(state) for state in states] or [names[0]]
        return _reduce(self.goal, self.inputs, levels, finals, (*names, GAP, OVERLAP))

    def _leaf(self, state: State) -> str:
        code = state[-1][0]
        names = self.tables[-1].outcome_names
        return {~0: GAP, ~1: OVERLAP}.get(code) or names[code]

    def _step(self, state: State, depth: int, name: str, cell: int) -> State:
        after: list[tuple[int, int]] = []
        for i, table in enumerate(self.tables):
            alive, best = state[i]
            if self.resolves[i] < depth:
                after.append((alive, best))
                continue
            permits = self.permits[i]
            if name in permits:
                alive &= permits[name][cell]
            for column, inner in self.inner[i]:
                if self.resolves[inner] == depth:
                    alive &= self._inner_rows(permits[column], after[inner][0])
            if table.policy != "unique":
                alive, best = self._settle(i, depth, alive, best)
            if self.resolves[i] == depth:
                alive, best = self._resolve(table, alive, best, after)
            after.append((alive, best))
        return tuple(after)

    @staticmethod
    def _inner_rows(rows: list[int], code: int) -> int:
        return rows[code] if code >= 0 else 0

    def _settle(self, i: int, depth: int, alive: int, best: int) -> tuple[int, int]:
        """Let the rows that are complete raise the best rank; forget rows that cannot beat it."""
        complete = alive & self.completes[i].get(depth, 0)
        if complete:
            best = max(best, *(self.ranks[i][r] for r in cells_of(complete)))
            alive &= ~complete
        return alive & self.better[i][best], best

    def _resolve(
        self, table: Table, alive: int, best: int, after: list[tuple[int, int]]
    ) -> tuple[int, int]:
        """Return the outcome as ``(index or ~0 gap or ~1 overlap, 0)``."""
        inner = [after[self.index[c]][0] for c in table.columns if c in self.index]
        if any(code < 0 for code in inner):
            return min(inner), 0
        names = table.outcome_names
        if table.policy != "unique":
            return (len(names) - best if best else ~0), 0
        if alive == 0:
            return ~0, 0
        if alive & (alive - 1):
            return ~1, 0
        return names.index(table.rows[alive.bit_length() - 1].outcome), 0


def _reduce(
    goal: str,
    inputs: tuple[str, ...],
    levels: list[list[list[int]]],
    finals: list[str],
    leaves: tuple[str, ...],
) -> Diagram:
    """Merge the nodes of each level that lead to the same children."""
    renamed = [leaves.index(name) for name in finals]
    short = [~leaf for leaf in range(len(leaves))]
    nodes: list[tuple[int, tuple[int, ...]]] = []
    reduced: list[list[tuple[int, ...]]] = []
    for depth in range(len(levels) - 1, -1, -1):
        index: dict[tuple[int, ...], int] = {}
        renamed = [
            index.setdefault(tuple(renamed[child] for child in children), len(index))
            for children in levels[depth]
        ]
        reduced.append(list(index))
        short = [_shorten(depth, children, short, nodes) for children in index]
    reduced.reverse()
    return Diagram(goal, inputs, reduced, leaves, nodes, short[0])


def _shorten(
    depth: int,
    children: tuple[int, ...],
    short: list[int],
    nodes: list[tuple[int, tuple[int, ...]]],
) -> int:
    """Return the node that stands for some children, leaving out a level that decides nothing."""
    ways = tuple(short[child] for child in children)
    if ways.count(ways[0]) == len(ways):
        return ways[0]
    nodes.append((depth, ways))
    return len(nodes) - 1


def build_diagram(book: Book, goal: str, *, as_written: bool = False) -> Diagram:
    """Return the diagram of a table; built once for each book.

    The inputs that most records tell stand first, where a table names them: one patient is then
    soon told apart. ``as_written`` keeps the order of the columns, which has fewer nodes and so
    suits columns of patients.
    """
    found: Diagram | None = book.diagrams.get((goal, as_written))
    if found is None:
        reordered = any(table.asked_first for table in closure(book, goal))
        if not reordered:
            found = book.diagrams.get((goal, not as_written))
        found = found or _Builder(book, goal, as_written=as_written).build()
        book.diagrams[(goal, as_written)] = found
    return found
