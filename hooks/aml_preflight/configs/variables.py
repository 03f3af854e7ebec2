"""The environment variables that a mapping holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import variables as names
from ..facts import Variable, Variables
from ..trees.nodes import Scalar
from .templates import DECIDED

if TYPE_CHECKING:
    from .source import Field, Fields, Source

NAME = "environment_variables"

_DECIDING = frozenset(
    {*names.INSTALL_VARIABLES, names.APP_ROOT, names.ENTRY_SCRIPT, names.DYNAMIC_INSTALLATION}
)
"""What becomes of one of these depends on which others there are."""


def variables_in(source: Source, fields: Fields, name: str = NAME) -> Variables:
    """The variables that a field of a mapping holds, with those of an earlier one that it replaces.

    If there is no such field, there are none, or it is open where more fields may be given.
    """
    field = fields.get(name)
    if field is None:
        return Variables(open=fields.open)
    made = variables_of(source, field)
    lost = [one for one, two in fields.repeated if two.key.text == name]
    replaced = [
        (variable, source.place(field.key))
        for each in lost
        for variable in variables_of(source, each).items
    ]
    return made._replace(replaced=tuple(replaced))


def variables_of(source: Source, field: Field) -> Variables:
    """The variables that are the value of a field, where the field is there."""
    doubt = source.doubt_if_there(field)
    if doubt is not None:
        return Variables(open=doubt)
    if field.mapping is None:
        if isinstance(field.value, Scalar) and field.value.kind == "null":
            return Variables()
        return Variables(open=source.unknown("this is not a mapping", field.key))
    fields = source.fields(field.mapping)
    alone = len({each.when for name, each in fields.by_name.items() if name in _DECIDING}) == 1
    return Variables(
        items=tuple(_variable(source, each, alone=alone) for each in fields.by_name.values()),
        repeated=tuple(
            (_variable(source, one), _variable(source, two)) for one, two in fields.repeated
        ),
        open=fields.open,
    )


def _variable(source: Source, field: Field, *, alone: bool = True) -> Variable:
    """A variable, which a template may leave out. ``alone`` tells that those on which others depend
    are there together, or not at all."""
    name = source.name_of(field)
    if field.when and name.value in _DECIDING and not alone:
        return Variable(name, source.unknown(DECIDED, field.key))
    return Variable(name, source.value_if_there(field))
