"""What became of one message, in a number or a word."""

from dataclasses import dataclass

GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is the HTTP status, 0 when there was no answer; `problem` one word for it: `timeout`,
    `address-refused`, `tls`, `no-connection`, `bad-answer`, or `status-…`. Empty when all is well."""

    status: int
    problem: str = ""

    @property
    def received(self) -> bool:
        return 200 <= self.status < 300
