"""A statement of the tests' own, for alerts that are about nothing in particular."""

from __future__ import annotations

from openkap.kernel.statement import Statement


class StatementInATest(Statement):
    """Says what a test wants."""

    WORDS = "{words}"
