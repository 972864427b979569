"""Keys of programs: who calls an open service, so that it can count, limit and warn; never a proof of who a person is.

They stand for the keys that the national API portals give out (`ESANTE-API-KEY`). A key is shown once, when it is made;
the database holds its SHA-256.
"""
