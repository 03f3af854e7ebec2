"""Following a whole file in order, as Python would run it, without running it.

Branches of a condition that is decided at run time are followed one by one and joined. Functions
of the file are followed where they are called; those that nobody in the file calls are followed
at the end, with unknown arguments.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from .arguments import Arguments
from .calls import Calls
from .flow import Flow
from .objects import Class, Opaque, Thing
from .source import Site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..document import Document
    from .objects import Function
    from .source import Segment


_WORD = re.compile(r"\w+")


class Interpreter(Calls):
    """Follows files."""

    def follow(self, segments: Iterable[Segment]) -> None:
        """Follow the top-level statements, then the functions that none of them called.

        Raises ``TooMuch`` and ``RecursionError``; what was found until then stands.
        """
        for segment in segments:
            self.segment = segment
            self.process.setdefault("folder", self.text("", segment.tree))
            flow = Flow.NEXT
            for statement in segment.tree.body:
                flow = self.execute(statement)
                if flow is not Flow.NEXT:
                    break
            if flow is not Flow.NEXT:
                break
        self.join_exits(self.function_exits[-1])
        words: dict[Document, Counter[str]] = {
            each.segment.document: Counter() for each in self.functions
        }
        for document, counted in words.items():
            counted.update(_WORD.findall(document.text))
        for function in sorted(self.functions, key=partial(_is_mentioned, words)):
            if id(function.node) not in self.called:
                self._follow_uncalled(function)

    def _follow_uncalled(self, function: Function) -> None:
        self.run_started = self.heap.tick()

        def run() -> bool:
            site = self._site_in(function)
            arguments = Arguments(site, (), {}, {}, Opaque("the caller decides it", site))
            if isinstance(function.owner, Class):  # of the object that it works on nothing is known
                born = self.heap.tick()
                function.owner = Thing("instance", site, born, missing="it is set elsewhere")
            self.call_function(function, arguments)
            return True

        self.heap.changes_of(run)

    def _site_in(self, function: Function) -> Site:
        return Site(function.segment, function.node)


def _is_mentioned(words: dict[Document, Counter[str]], function: Function) -> bool:
    """Whether the file names a function more often than its definition does.

    Such a function is followed later than those that may call it, with arguments that are known.
    """
    return words[function.segment.document][function.node.name.value] > 1
