"""What became of each row: taken, known already, or refused with its reason."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """`conflict` is a row whose id is known with other content; it counts as rejected."""

    OK = "ok"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class Invalid(ValueError):
    """A row that cannot be taken: the field at fault and, in the message, what was expected."""

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(f"{field}: {reason}" if field else reason)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one row."""

    status: Status
    field: str = ""
    reason: str = ""

    @classmethod
    def refuse(cls, problem: Invalid) -> "Verdict":
        return cls(Status.REJECTED, problem.field, problem.reason)


OK = Verdict(Status.OK)
DUPLICATE = Verdict(Status.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came: `number` is its line or its place in the request, from 1.

    `fields` maps column names to text, or holds why the row could not even be read.
    """

    number: int
    fields: dict[str, str] | Invalid

    def checked(self) -> dict[str, str]:
        """Return the fields; raises what made them unreadable."""
        if isinstance(self.fields, Invalid):
            raise self.fields
        return self.fields


@dataclass(frozen=True, slots=True)
class Tally:
    """received = accepted + duplicate + rejected, for every request, file and source."""

    received: int = 0
    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> "Tally":
        count = Counter(verdict.status for verdict in verdicts)
        return cls(
            received=count.total(),
            accepted=count[Status.OK],
            duplicate=count[Status.DUPLICATE],
            rejected=count[Status.REJECTED] + count[Status.CONFLICT],
        )

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.received + other.received,
            self.accepted + other.accepted,
            self.duplicate + other.duplicate,
            self.rejected + other.rejected,
        )
