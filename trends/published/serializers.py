"""The API's serializers, made from the types of its rows: what mypy checks is what is described."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from rest_framework import serializers

Shape = serializers.Serializer[Any]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The values a text can have, or pairs of a value and its name."""

    choices: tuple[str | tuple[str, Any], ...]


# Texts of a certain form; a row holds them as they are written in JSON.
Day = Annotated[str, date]
Moment = Annotated[str, datetime]
Slug = Annotated[str, serializers.SlugField]
Address = Annotated[str, serializers.URLField]
# Objects whose names the API does not promise.
Json = Annotated[dict[str, Any], serializers.JSONField]

_FIELDS: dict[Any, type[serializers.Field[Any, Any, Any, Any]]] = {
    bool: serializers.BooleanField,
    datetime: serializers.DateTimeField,
    date: serializers.DateField,
    float: serializers.FloatField,
    int: serializers.IntegerField,
    str: serializers.CharField,
}


@cache
def serializer(shape: type) -> type[Shape]:
    """Make the serializer of a TypedDict, with its name, its docstring and a field for each key.

    `Annotated` adds to a key a help text (str), or what its text spells: a type, a field, `OneOf`.
    `| None` becomes `allow_null`, a list `many` or ListField, another TypedDict its own serializer.
    TypeError names a type for which there is no field.
    """
    hints = get_type_hints(shape, include_extras=True)
    fields = {key: _field(hint) for key, hint in hints.items()}
    return type(shape.__name__, (serializers.Serializer,), {"__doc__": shape.__doc__, **fields})


def _field(hint: Any, **arguments: Any) -> Any:
    """Make the field of one type; `arguments` are those that the types around it gave."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(*parts, **arguments)
    if origin in (Union, UnionType):
        [inner] = [part for part in parts if part is not NoneType]
        return _field(inner, allow_null=True, **arguments)
    if origin is list:
        [inner] = parts
        if is_typeddict(inner):
            return serializer(inner)(many=True, **arguments)
        return serializers.ListField(child=_field(inner), **arguments)
    return _kind(hint)(**arguments)


def _kind(hint: Any) -> Any:
    """Choose the class of the field of a type that no other stands around."""
    if is_typeddict(hint):
        return serializer(hint)
    if issubclass(hint, serializers.Field):
        return hint
    # A StrEnum is written as its text.
    for base in hint.__mro__:
        if base in _FIELDS:
            return _FIELDS[base]
    raise TypeError(f"the API has no field for {hint!r}")


def _annotated(hint: Any, *notes: Any, **arguments: Any) -> Any:
    """Make the field of a type with notes beside it: a help text, or what its text spells."""
    for note in notes:
        if isinstance(note, str):
            arguments["help_text"] = note
        elif get_origin(hint) in (Union, UnionType):
            raise TypeError(f"what {note!r} says is of one type: Annotated[…] | None")
        elif isinstance(note, OneOf):
            return serializers.ChoiceField(list(note.choices), **arguments)
        else:
            hint = note
    return _field(hint, **arguments)
