"""`python -m socle` is the command `socle`."""

from socle.app.cli import main

main()
