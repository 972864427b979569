"""What became of one message, in a number or a word."""

from dataclasses import dataclass

from socle.kernel.manifest import Text

GONE = 410
NOT_SENT = "not-sent"
_ANSWERED = "status-"
_WORDS = {
    "timeout": Text("pas de réponse à temps", "no answer in time"),
    "no-connection": Text("connexion impossible", "no connection"),
    "tls": Text("certificat refusé", "certificate refused"),
    "bad-answer": Text("la réponse n’est pas du HTTP", "the answer is not HTTP"),
    "address-refused": Text(
        "l’adresse mène à un réseau qui n’est pas permis",
        "the address leads to a network that is not allowed",
    ),
    NOT_SENT: Text("l’envoi a échoué ici, voyez le journal", "sending failed here, see the log"),
    "operator": Text("arrêté par un exploitant", "stopped by an operator"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is the HTTP status, 0 when there was no answer; `problem` one word for it: `timeout`,
    `address-refused`, `tls`, `no-connection`, `bad-answer`, `not-sent`, or `status-…`. Empty when all is well."""

    status: int
    problem: str = ""

    @property
    def received(self) -> bool:
        return 200 <= self.status < 300


def in_words(reason: str, lang: str) -> str:
    """Why a webhook failed or was stopped: a problem of `Outcome`, or `operator`."""
    if reason.startswith(_ANSWERED):
        status = reason.removeprefix(_ANSWERED)
        return f"réponse {status}" if lang == "fr" else f"answer {status}"
    return _WORDS[reason].of(lang) if reason in _WORDS else reason
