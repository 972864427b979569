"""`socle directory registrations`: self-registered roles, for the operator."""

from typing import Annotated

import typer

from socle.app.commands.support import AT_TERMINAL, moment, opened, out, table

app = typer.Typer(help="L’annuaire. / The directory.", no_args_is_help=True, rich_markup_mode=None)
registrations = typer.Typer(
    help="Rôles RPPS+ auto-enregistrés. / Self-registered RPPS+ roles.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(registrations, name="registrations")


@registrations.command("list")
def listed(
    state: Annotated[
        str, typer.Option(help="Un état (declared, confirmed…). / A state (declared, confirmed…).")
    ] = "",
    structure: Annotated[str, typer.Option(help="Clé d’une structure. / Key of a structure.")] = "",
) -> None:
    """Lister les enregistrements, sans nommer personne. / List the registrations, naming nobody."""
    from socle.foundations.directory.registration.records import overview

    shown = table("numéro", "état · state", "structure", "rôle", "fin · end", "depuis")
    with opened() as db, db.reading() as session:
        found = overview(session, state=state, structure=structure)
    for one in found:
        shown.add_row(
            one.id, one.state, one.structure, one.role, one.ends or one.due, moment(one.entered)[:10]
        )
    out.print(shown if found else "Aucun. / None.")


@registrations.command("close-ended")
def close_ended() -> None:
    """Fermer les rôles dont le contrat est fini, et faire le reste du jour. / Close the roles whose contract is over,
    and do the rest of the day."""
    from socle.foundations.directory.registration.acts.clocks import daily

    with opened() as db:
        counts = daily(db)
    words = {
        "closed": "fermés · closed",
        "abandoned": "abandonnés · abandoned",
        "published": "à publier · to publish",
        "withdrawn": "à retirer · to withdraw",
        "matched": "à rapprocher · to reconcile",
    }
    for name, said in words.items():
        out.print(f"{counts[name]:>6}  {said}")


@registrations.command("code")
def code(
    registration: Annotated[
        str, typer.Argument(help="Numéro de l’enregistrement. / Number of the registration.")
    ],
) -> None:
    """Lire le code de confirmation, là où aucun courriel ne part. / Read the code of confirmation, where no mail goes
    out."""
    from socle.foundations.directory.registration.acts.person import read_code

    with opened() as db, db.unit() as unit:
        found = read_code(unit, AT_TERMINAL, registration=registration)
    out.print(found)
