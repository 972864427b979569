"""Secure mailboxes of the demonstration: of people and of structures, at domains that do not exist."""

from __future__ import annotations

import re
from random import Random

from socle.foundations.directory.demo.names import plain
from socle.foundations.directory.demo.people import Person
from socle.foundations.directory.demo.structures import Structure

_PERSONAL = 0.27
_ORGANISATIONAL = 0.09
_SHARED = 0.01


class Postmaster:
    """Gives addresses, each to one holder only: a number follows the second namesake of a department."""

    def __init__(self, department: str) -> None:
        self._domain = f"dep{department.lower()}.mssante.example"
        self._given: set[str] = set()
        self._legal: dict[str, str] = {}

    def person(self, person: Person, random: Random) -> None:
        draw = random.random()
        if person.mailbox or draw >= _PERSONAL or not person.profile.code:
            return
        person.mailbox = self._address(f"{person.given}.{person.family}")
        if draw < _PERSONAL / 5 and person.activities:
            person.mailbox_place = person.activities[0].structure

    def structure(self, structure: Structure, random: Random) -> None:
        """Some sites have a mailbox, a few use the one of another site of their legal entity."""
        draw = random.random()
        if structure.mailbox or draw >= _ORGANISATIONAL or not structure.name:
            return
        if draw < _SHARED and structure.finess_ej in self._legal:
            structure.mailbox = self._legal[structure.finess_ej]
            return
        service = ("secretariat", "accueil", "contact", "bal")[int(random.random() * 4)]
        structure.mailbox = self._legal[structure.finess_ej] = self._address(f"{service}.{structure.name}")

    def _address(self, text: str) -> str:
        local = re.sub(r"[^a-z.]+", "-", plain(text).lower()).strip("-.")[:48]
        address, number = f"{local}@{self._domain}", 1
        while address in self._given:
            number += 1
            address = f"{local}{number}@{self._domain}"
        self._given.add(address)
        return address
