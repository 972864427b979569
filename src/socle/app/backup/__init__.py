"""Backup and restore: a data file for what the installation holds, and a key file that opens what is sealed in it.

Data files may be many and old. The key file is one, replaced by each backup and by each erasure: with it, no data file
shows what was erased. The data file is a ZIP of the tables in the binary format of PostgreSQL's COPY, whichever engine
they come from, and a manifest with counts and hashes.
"""
