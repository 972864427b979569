"""The kernel: who acts, on what connection, at what time, with which permission, and how an error is told."""
