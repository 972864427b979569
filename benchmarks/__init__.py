"""Benches: what a load, a read, a search and a page cost, on each engine and at ten times the size.

`python -m benchmarks` loads a fictional territory through the real loaders, starts one real server process and drives
it over HTTP; `python -m benchmarks report` writes the tables of docs/performance.md from the reports of `reports/`. A
figure comes with its conditions: machine, engine and settings, driver, state of the caches.
"""
