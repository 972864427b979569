"""The authority to which a person may complain about the use of their data (GDPR art. 51 and 77), in France.

Source: loi n° 78-17 du 6 janvier 1978, art. 8.
"""

AUTHORITY = "CNIL"
AUTHORITY_NAME = "Commission nationale de l’informatique et des libertés"
COMPLAINTS_URL = "https://www.cnil.fr/fr/plaintes"
