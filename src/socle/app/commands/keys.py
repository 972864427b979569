"""`socle keys`: what signs, and under which master key everything is."""

from typing import Annotated

import typer

from socle.app.commands.progress import Progress
from socle.app.commands.support import AT_TERMINAL, opened, out, table

app = typer.Typer(help="Tenir les clés. / Keep the keys.", no_args_is_help=True, rich_markup_mode=None)
_SAID = {"announced": "annoncée / announced", "active": "en usage / in use"}


@app.command("list")
def list_keys() -> None:
    """Lister les clés de signature. / List the signing keys."""
    from socle.kernel.keyring.rewrap import left_to_rewrap
    from socle.kernel.keyring.signing import public_keys
    from socle.kernel.keys import masters

    with opened() as db:
        with db.reading() as session:
            keys = public_keys(session, removed=True)
        left = left_to_rewrap(db)
    shown = table("usage · use", "clé · key", "état · state", "depuis · since (UTC)")
    for key in keys:
        since = key.removed or key.retired or key.activated or key.announced
        shown.add_row(key.purpose, f"{key.kid} ({key.algorithm})", key.state, f"{since:%Y-%m-%d %H:%M:%S}")
    out.print(shown)
    out.print("Clé maîtresse · master key: " + ", ".join(master.id for master in masters()))
    if left:
        out.print(
            f"{left} clés sous une clé maîtresse précédente. / {left} keys under an earlier master key."
        )
        out.print("    socle keys rewrap")


@app.command()
def rotate(
    use: Annotated[str, typer.Argument(help="Usage : audit-head, token. / Use: audit-head, token.")],
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Sans attendre : la clé est compromise. / At once: the key in use was stolen."
        ),
    ] = False,
) -> None:
    """Annoncer une nouvelle clé, puis la mettre en usage. / Announce a new key, then put it in use."""
    from socle.kernel.keyring import signing

    with opened() as db, db.unit() as unit:
        key = signing.rotate(unit, use, AT_TERMINAL, forced=force)
        removed = signing.remove_outlived(unit, AT_TERMINAL)
    out.print(f"{key.purpose} {key.kid} ({key.algorithm}): {_SAID[key.state]}", soft_wrap=True)
    if key.state == "announced":
        out.print(
            "Mettez-la en usage plus tard par la même commande. / Put it in use later by the same command.",
            soft_wrap=True,
        )
    for kid in removed:
        out.print(f"{kid}: n’est plus servie / is served no more", soft_wrap=True)


@app.command()
def rewrap() -> None:
    """Passer les clés sous la nouvelle clé maîtresse. / Wrap the keys under the new master key."""
    from socle.app.manifests import house
    from socle.kernel.keyring import rewrap as rewrapping
    from socle.kernel.manifest import load_attribute

    with opened() as db, Progress() as progress:
        rekeys = {one.name: load_attribute(one.rekey) for one in house() if one.rekey}
        count = rewrapping.rewrap(db, AT_TERMINAL, tell=progress.watch, rekeys=rekeys)
    out.print(f"{count} clés passées. / {count} keys wrapped again.")
