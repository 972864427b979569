"""The demonstration's health directory: a fictional territory written as the official extraction files.

Deterministic: a size and a seed give the same bytes everywhere. Real are the departments, the larger
communes, the professions and their proportions, the file formats; fictional are all people, structures,
numbers, telephones and mailboxes, in ranges that nobody is given.
"""

from socle.foundations.directory.demo.files import (
    FIRST_DAY,
    Written,
    WrittenDelta,
    write_delta,
    write_territory,
)
from socle.foundations.directory.demo.sizes import DEPARTMENT, NATION, SIZES, TOWN, VILLAGE, Size

__all__ = [
    "DEPARTMENT",
    "FIRST_DAY",
    "NATION",
    "SIZES",
    "TOWN",
    "VILLAGE",
    "Size",
    "Written",
    "WrittenDelta",
    "write_delta",
    "write_territory",
]
