"""The arguments of a call, evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .objects import Opaque, Value
    from .source import Site


class Arguments(NamedTuple):
    """What a call passes. ``open`` says why there may be more than these, if so."""

    site: Site
    positional: tuple[Value, ...]
    keywords: dict[str, Value]
    keyword_sites: dict[str, Site]
    open: Opaque | None

    def bind(self, *names: str) -> dict[str, Value]:
        """The arguments by parameter name; ``names`` are the positional parameters in order.

        Keywords that are not in ``names`` are kept.
        """
        return {**dict(zip(names, self.positional, strict=False)), **self.keywords}

    def values(self) -> Iterator[Value]:
        yield from self.positional
        yield from self.keywords.values()
