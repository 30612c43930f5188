"""One way to run a statement and to read the rows of a query."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

# By name, or in the order of the placeholders.
Values = Mapping[str, Any] | Sequence[Any] | None


def run(statement: str, values: Values = None) -> int:
    """Run a statement; return how many rows it touched, -1 where that means nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def rows(query: str, values: Values = None) -> list[tuple[Any, ...]]:
    """Return every row of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def row(query: str, values: Values = None) -> tuple[Any, ...]:
    """Return the only row of a query; ValueError where there are none or several."""
    (only,) = rows(query, values)
    return only


def value(query: str, values: Values = None) -> Any:
    """Return the only value of a query; ValueError where there are none or several."""
    (only,) = row(query, values)
    return only


# PostgreSQL's binary COPY: a signature with flags, then rows, then an end mark.
_COPY_HEADER = 19
_COPY_TRAILER = 2


def read_integers(query: str, parameters: Mapping[str, Any]) -> npt.NDArray[np.int64]:
    """Return a query's rows as an array, (rows, columns); each is a whole number and never null.

    As binary COPY of bigints such rows all have one width, so they are read as one array and no
    Python object is made for any number.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS q LIMIT 0", parameters)
        columns = len(cursor.description)
        as_bigints = ", ".join(f"c{column}::bigint" for column in range(columns))
        names = ", ".join(f"c{column}" for column in range(columns))
        statement = f"COPY (SELECT {as_bigints} FROM ({query}) AS q ({names})) TO STDOUT BINARY"
        # With its values in it: a cursor that records queries copies no other.
        with cursor.copy(cursor.mogrify(statement, parameters)) as copy:
            data = b"".join(copy)
    layout = np.dtype(
        [("columns", ">i2"), ("cells", [("width", ">i4"), ("value", ">i8")], columns)]
    )
    cells = np.frombuffer(data[_COPY_HEADER:-_COPY_TRAILER], dtype=layout)
    return cells["cells"]["value"].reshape(-1, columns).astype(np.int64)
