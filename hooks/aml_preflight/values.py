"""A value is known, with the place it is written at, or unknown, with the reason.

Rules speak only of known values. Unknown ones are counted and can be listed, so that silence never
reads as "checked".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from .document import Place

T_co = TypeVar("T_co", covariant=True)


class Unknown(NamedTuple):
    """A value that cannot be told from the files.

    ``reason`` completes the sentence "unknown: ..." in the user's words, for instance
    "read from the environment when the script runs".
    """

    reason: str
    place: Place


class Known(Generic[T_co]):
    """A value that is certain.

    ``place`` is where the value is used, ``literal`` the one literal that spells it, if one does:
    only then can a text edit change the value. The two differ where a literal reaches its use
    through a name. ``shared`` tells that the program reads the value for something else, too.
    """

    __slots__ = ("literal", "place", "shared", "value")

    def __init__(
        self, value: T_co, place: Place, literal: Place | None = None, *, shared: bool = False
    ) -> None:
        self.value = value
        self.place = place
        self.literal = literal
        self.shared = shared

    @property
    def shown_at(self) -> Place:
        """Where a person would change it: the literal, else the expression."""
        return self.literal or self.place

    def __repr__(self) -> str:
        return f"Known({self.value!r})"
