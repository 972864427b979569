"""What the database's own catalogue tells of it."""

from socle.kernel.db.session import Session


def has_table(session: Session, name: str) -> bool:
    """Whether the schema that this session works in has a table of that name."""
    return session.fetch_one(session.dialect.has_table, name) is not None
