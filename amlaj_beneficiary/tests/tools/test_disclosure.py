import random
import time
from fractions import Fraction
from itertools import combinations, product

from odoo.tests import BaseCase, tagged

from ...tools.disclosure import publishable, singles_out


def rank(rows):
    """The rank of a matrix, by fractions: slow and plain, to judge the quick one."""
    rows, found = [[Fraction(value) for value in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for row in rows[found + 1:]:
            factor = row[column] / pivot[column]
            row[:] = [value - factor * other for value, other in zip(row, pivot, strict=True)]
        found += 1
    return found


def singles_out_plainly(cells, smallest):
    """By its meaning: without some few answers the sums have fewer dimensions than with them."""
    answers = sorted(set().union(*cells))
    rows = [[int(answer in cell) for answer in answers] for cell in cells]
    whole = rank(rows)
    for size in range(1, smallest):
        for left_out in combinations(range(len(answers)), size):
            kept = [[value for column, value in enumerate(row) if column not in left_out] for row in rows]
            if rank(kept) < whole:
                return True
    return False


@tagged('post_install', '-at_install', 'amlaj')
class TestDisclosure(BaseCase):
    """No sum or difference of what is published speaks of fewer than five answers (R31)."""

    def test_small_and_complement(self):
        total = set(range(20))
        self.assertEqual(publishable([('all', range(4))]), [])
        self.assertEqual(publishable([('all', range(5))]), ['all'])
        self.assertEqual(publishable([('all', total), ('a', range(16))]), ['all'], "the others would be four")
        self.assertEqual(publishable([('all', total), ('a', range(15))]), ['all', 'a'])
        self.assertEqual(publishable([('all', total), ('a', total)]), ['all', 'a'], "it differs by none")
        self.assertEqual(
            publishable([('all', total), ('a', range(9)), ('b', range(9, 17))]), ['all', 'a'], "three would be left")

    def test_one_within_another_of_another_kind(self):
        total = set(range(40))
        self.assertEqual(publishable([('all', total), ('service', range(10)), ('branch', range(12))]), ['all', 'service'])
        self.assertEqual(
            publishable([('all', total), ('service', range(10)), ('branch', range(15))]), ['all', 'service', 'branch'])

    def test_two_services_that_make_a_branch_but_for_three(self):
        total = set(range(40))
        cells = [('all', total), ('a', range(8)), ('b', range(8, 16)), ('branch', range(19))]
        self.assertEqual(publishable(cells), ['all', 'a', 'b'])

    def test_three_overlapping_cells_against_the_total(self):
        groups = {(1, 1, 0): 5, (1, 0, 1): 5, (0, 1, 1): 5, (1, 1, 1): 1}
        answers = [(sides, number) for sides, size in groups.items() for number in range(size)]
        cells = [set(answers)] + [{answer for answer in answers if answer[0][side]} for side in range(3)]
        for pair in combinations(cells, 2):
            self.assertFalse(singles_out(pair))
        self.assertTrue(singles_out(cells), "their sum less twice the total is the one answer")

    def test_against_the_plain_judge(self):
        draw = random.Random(31)
        seen = set()
        for __ in range(120):
            answers = range(draw.randint(4, 9))
            cells = [set(answers)] + [
                {answer for answer in answers if draw.random() < draw.choice((0.4, 0.7))} or {0}
                for _cell in range(draw.randint(1, 4))]
            smallest = draw.choice((2, 3))
            found = singles_out(cells, smallest)
            self.assertEqual(found, singles_out_plainly(cells, smallest), (cells, smallest))
            seen.add(found)
        self.assertEqual(seen, {True, False})

    def test_random_quarters_pair_by_pair(self):
        draw = random.Random(14)
        published = 0
        for __ in range(60):
            sizes = [draw.randint(1, most) for most in (3, 5, 4, 5)]
            answers = [tuple(draw.randrange(size) for size in sizes) + (number,) for number in range(draw.randint(0, 90))]
            cells = [('all', frozenset(answers))]
            for kind, size in enumerate(sizes):
                cells += [
                    ((kind, value), frozenset(answer for answer in answers if answer[kind] == value))
                    for value in range(size)]
            shown = dict(cells)
            keys = publishable(cells)
            published += len(keys) > 1
            for one, other in product(keys, repeat=2):
                if shown[one] <= shown[other]:
                    rest = len(shown[other] - shown[one])
                    self.assertTrue(rest == 0 or rest >= 5, (one, other))
                self.assertGreaterEqual(len(shown[one]), 5)
        self.assertGreater(published, 20, "the rule leaves something to publish")

    def test_a_large_quarter_takes_seconds(self):
        draw = random.Random(5)
        sizes = (3, 8, 5, 8)
        answers = [tuple(draw.randrange(size) for size in sizes) + (number,) for number in range(400)]
        cells = [('all', answers)] + [
            ((kind, value), [answer for answer in answers if answer[kind] == value])
            for kind, size in enumerate(sizes) for value in range(size)]
        began = time.monotonic()
        self.assertGreater(len(publishable(cells)), 20)
        self.assertLess(time.monotonic() - began, 120)
