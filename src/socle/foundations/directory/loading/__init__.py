"""Loading the official extraction files: read, judge, compare with what was said before, compose, publish.

Only this package works on columns (polars); it is imported by the loading process alone, never by the server.
"""
