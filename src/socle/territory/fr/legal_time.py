"""Legal time (décret n° 2017-292 du 6 mars 2017, in force in metropolitan France).

Overseas departments keep a time of their own; national delays, which concern the whole country, count in this one.
"""

from typing import Final

ZONE: Final = "Europe/Paris"
