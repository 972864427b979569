"""`socle admin`: accounts of agents from the command line, for who holds the machine; and the keys of programs."""

from typing import TYPE_CHECKING, Annotated

import typer

from socle.app.commands import api_keys
from socle.app.commands.support import moment, opened, out, table

if TYPE_CHECKING:
    from socle.kernel.accounts.acts.invite import Invitation

app = typer.Typer(help="Tenir les accès. / Keep the accesses.", no_args_is_help=True, rich_markup_mode=None)
ShowLink = Annotated[
    bool,
    typer.Option(
        "--show-link", help="Montrer le lien, même s’il est envoyé. / Show the link, even if mailed."
    ),
]


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Adresse de messagerie. / Mail address.")],
    role: Annotated[str, typer.Option(help="Rôle, page /acces. / Role, page /acces.")] = "operator",
    structure: Annotated[
        str,
        typer.Option(
            help="Structure, pour un rôle qui la demande. / Structure, for a role that asks for one."
        ),
    ] = "",
    show_link: ShowLink = False,
) -> None:
    """Inviter une personne ; le lien sert une fois. / Invite a person; the link works once."""
    from socle.kernel.accounts.acts.invite import invite as invited
    from socle.kernel.accounts.roles import given_role
    from socle.kernel.actors import BY_SYSTEM

    with opened() as db, db.unit() as unit:
        made = invited(unit, BY_SYSTEM, email=email, role=given_role(role), structure=structure)
    if not made.token:
        out.print("Le compte existait : le rôle est donné. / The account existed: the role is given.")
        return
    _show_link(made, asked=show_link)


def _show_link(made: "Invitation", *, asked: bool = False) -> None:
    """The link, unless a mail carries it already and nobody asked for another."""
    from socle.kernel.notify.settings import notify_settings
    from socle.kernel.settings import settings

    if notify_settings().mail_relay and not asked:
        out.print("Un courriel part avec le lien ; --show-link en montre un.", soft_wrap=True)
        out.print("A mail leaves with the link; --show-link shows one.", soft_wrap=True)
        return
    out.print(f"{settings().public_url}{made.path}", soft_wrap=True, markup=False)
    out.print(f"Jusqu’au / until {moment(made.expires)}", soft_wrap=True)


@app.command()
def renew(
    account: Annotated[str, typer.Argument(help="Compte, ou son adresse. / Account, or its address.")],
    show_link: ShowLink = False,
) -> None:
    """Refaire un lien à qui a perdu ses facteurs. / Make a new link for who lost their factors."""
    from socle.kernel.accounts.acts.invite import renew as renewed
    from socle.kernel.accounts.personal import find_account
    from socle.kernel.actors import BY_SYSTEM

    with opened() as db, db.unit() as unit:
        made = renewed(unit, BY_SYSTEM, account=find_account(unit, account) or account)
    _show_link(made, asked=show_link)


@app.command("list")
def list_accounts() -> None:
    """Lister les comptes et leurs rôles. / List the accounts and their roles."""
    from socle.kernel.accounts.people import members
    from socle.kernel.actors import BY_SYSTEM

    shown = table("compte · account", "personne · person", "état · state", "rôles · roles")
    with opened() as db, db.reading() as session:
        for member in members(session, BY_SYSTEM):
            held = ", ".join(
                f"{one.role}@{one.structure}" if one.structure else one.role for one in member.grants
            )
            known = member.person
            shown.add_row(known.account, f"{known.name} <{known.email}>".strip(), known.state, held)
    out.print(shown)


@app.command()
def close(
    account: Annotated[str, typer.Argument(help="Compte, ou son adresse. / Account, or its address.")],
) -> None:
    """Fermer un compte : sessions, rôles, délégations. / Close an account: sessions, roles, delegations."""
    from socle.kernel.accounts.acts.grants import leave
    from socle.kernel.accounts.personal import find_account
    from socle.kernel.actors import BY_SYSTEM

    with opened() as db, db.unit() as unit:
        leave(unit, BY_SYSTEM, account=find_account(unit, account) or account)
    out.print("Compte fermé. / Account closed.")


@app.command("close-reviews")
def close_reviews() -> None:
    """Clore les revues échues. / Close the reviews that are due."""
    from socle.kernel.accounts.acts.review import close_due
    from socle.kernel.actors import BY_SYSTEM

    with opened() as db, db.unit() as unit:
        closed = close_due(unit, BY_SYSTEM)
    out.print(f"{closed} revues closes. / {closed} reviews closed.")


api_keys.register(app)
