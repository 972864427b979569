"""With which settings the product and PostgreSQL run during a bench."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "benchmarks" / "reports"

# Durable, as shipped; memory and checkpoints as an operator sets them on a machine of this size.
POSTGRESQL = ("shared_buffers=1GB", "max_wal_size=4GB", "checkpoint_timeout=15min")


def environment(home: Path, database: str, **variables: str) -> dict[str, str]:
    """Nothing of the developer's own installation, everything else as shipped."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SOCLE_")}
    path = os.pathsep.join([str(ROOT / "src"), *filter(None, [clean.get("PYTHONPATH")])])
    chosen = {"SOCLE_HOME": str(home), "SOCLE_DATABASE": database, "PYTHONPATH": path, **variables}
    return {
        **clean,
        "PYTHONHASHSEED": "0",
        "PATH": f"{Path(sys.executable).parent}:{clean['PATH']}",
        **chosen,
    }
