"""Which sums may be published so that no combination of them speaks of a few answers alone (R31; design rule 3).

A published cell is the sum over a set of answers. Whoever has several of them may add and subtract: the association less
its branches, a service less the branch that it lies in, three overlapping cells against the total. So a cell is published
only while no sum or difference of all the published cells, with whatever factors, depends on fewer than ``SMALLEST`` answers.
It follows that each cell has at least that many, and differs from each that contains it, or that it contains, by none
or by at least as many. Pure Python, no ORM.
"""
from collections import Counter

SMALLEST = 5
# ranks are computed in the field of this prime: exact for matrices of noughts and ones of our size, and without fractions
PRIME = 2 ** 61 - 1


def publishable(cells, smallest=SMALLEST):
    """Choose which cells may be published together; the earlier ones go first.

    :param cells: ordered list of ``(key, set of answers)``
    :return: list of the keys that may be published, in their order
    """
    keys, chosen = [], []
    for key, answers in cells:
        answers = frozenset(answers)
        if len(answers) < smallest:
            continue
        # the same set once more tells nothing new
        if answers in chosen or not singles_out([*chosen, answers], smallest):
            keys.append(key)
            chosen.append(answers)
    return keys


def singles_out(cells, smallest=SMALLEST):
    """Whether some sum or difference of the ``cells`` (sets) depends on fewer than ``smallest`` answers, and on one at least."""
    # answers that lie in the same cells cannot be told apart: each such group is one column
    member = {}
    for rank, answers in enumerate(cells):
        for answer in answers:
            member.setdefault(answer, []).append(rank)
    groups = sorted(Counter(map(tuple, member.values())).items())
    weights = [size for __, size in groups]
    basis = []
    for rank in range(len(cells)):
        row = [int(rank in ranks) for ranks, __ in groups]
        for pivot, other in basis:
            _eliminate(row, other, pivot)
        basis = _with_row(basis, row, weights)
    return _has_light(basis, weights, smallest - 1)


def _eliminate(row, other, pivot):
    """Take ``other`` (1 at ``pivot``) off ``row`` in place, so that it is 0 there."""
    factor = row[pivot]
    if factor:
        for column, value in enumerate(other):
            if value:
                row[column] = (row[column] - factor * value) % PRIME


def _with_row(basis, row, weights):
    """The reduced basis with one more row, which is 0 at all its pivots; the heaviest group becomes the pivot."""
    columns = [column for column, value in enumerate(row) if value]
    if not columns:
        return basis
    pivot = max(columns, key=lambda column: weights[column])
    inverse = pow(row[pivot], -1, PRIME)
    row = [value * inverse % PRIME for value in row]
    reduced = []
    for old_pivot, old in basis:
        old = list(old)
        _eliminate(old, row, pivot)
        reduced.append((old_pivot, old))
    return [*reduced, (pivot, row)]


def _has_light(basis, weights, most):
    """Whether a combination of the basis, not all nought, stands on groups of ``most`` answers together or fewer.

    Each pivot is nought in all rows but its own. So either the combination leaves that row out, or the pivot's group
    counts, and the rest of it is sought without that group.
    """
    basis = list(basis)
    while basis:
        pivot, row = basis.pop()
        left = most - weights[pivot]
        if left < 0:
            continue
        rest = list(row)
        rest[pivot] = 0
        if not any(rest):
            return True
        if left and _has_light(_with_row(basis, rest, weights), weights, left):
            return True
    return False
