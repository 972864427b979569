"""`socle certificates`: certificates of the local authority, for tests and continuous integration."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from socle.app.commands.support import check_new, moment, opened, out, table, write_new

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from socle.kernel.certificates.register import Issued

app = typer.Typer(
    help="Émettre des certificats d’essai. / Issue test certificates.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_EXPONENT, _BITS = 65_537, 2_048
Folder = Annotated[Path, typer.Option("--out", help="Dossier où écrire. / Folder to write into.")]


@app.command()
def issue(
    offer: Annotated[str, typer.Argument(help="ORG_AUTH_CLI, ORG_SIGN, ORG_CONF, SERV_SSL.")],
    service: Annotated[
        str, typer.Argument(help="Nom du service, ou du serveur. / Name of the service, or of the server.")
    ],
    structure: Annotated[
        str,
        typer.Option(help="1 et FINESS, 2 et SIREN, 3 et SIRET. / 1 and FINESS, 2 and SIREN, 3 and SIRET."),
    ],
    name: Annotated[str, typer.Option(help="Raison sociale. / Name of the structure.")],
    department: Annotated[str, typer.Option(help="« Rhône (69) ».")],
    host: Annotated[
        list[str] | None, typer.Option(help="Autre nom du serveur. / Another name of the server.")
    ] = None,
    request: Annotated[
        Path | None,
        typer.Option(help="Demande PKCS #10 ; sans elle, une clé est faite. / Without it, a key is made."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Dernier jour. / Last day.")
    ] = None,
    folder: Folder = Path(),
) -> None:
    """Émettre un certificat ; sa clé n’est pas gardée. / Issue a certificate; its key is not kept."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    from socle.kernel.actors import BY_SYSTEM
    from socle.kernel.certificates.acts import Wanted, read_offer, read_request
    from socle.kernel.certificates.acts import issue as issued
    from socle.kernel.certificates.authorities import chain
    from socle.kernel.clock import end_of_day, from_micros
    from socle.standards.igc.names import Structure

    certificate, private = folder / f"{service}.pem", folder / f"{service}.key"
    check_new((certificate,) if request else (certificate, private))
    made = None if request else generate_private_key(_EXPONENT, _BITS)
    key = made.public_key() if made else read_request(request.read_bytes() if request else b"")
    ends = from_micros(end_of_day(until.date())) if until else None
    carried = Structure(structure, name, department)
    with opened() as db:
        with db.unit() as unit:
            one = issued(
                unit, BY_SYSTEM, Wanted(read_offer(offer), carried, service, key, tuple(host or ()), ends)
            )
        with db.reading() as session:
            authorities = chain(session)
    folder.mkdir(parents=True, exist_ok=True)
    _write(certificate, private, one, made, authorities)
    out.print(f"{one.serial}  {moment(one.ends)}", soft_wrap=True, markup=False)


def _write(
    certificate: Path,
    private: Path,
    one: "Issued",
    key: "RSAPrivateKey | None",
    authorities: "list[x509.Certificate]",
) -> None:
    """The certificate with who issued it, its key when it was made here, and all the authorities."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    mine = one.certificate
    shown = (mine, *(each for each in authorities if each.subject == mine.issuer != each.issuer))
    write_new(certificate, b"".join(each.public_bytes(Encoding.PEM) for each in shown))
    if key is not None:
        write_new(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    together = certificate.parent / "igc.pem"
    together.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in authorities))
    for file in (certificate, *((private,) if key else ()), together):
        out.print(str(file), soft_wrap=True, markup=False)


@app.command("list")
def listing(
    structure: Annotated[
        str, typer.Option(help="Identifiant national de la structure. / National identification.")
    ] = "",
) -> None:
    """Lister les certificats émis. / List the certificates issued."""
    from socle.kernel.certificates.register import listed
    from socle.kernel.clock import micros

    shown = table("numéro · serial", "offre · offer", "structure", "service", "fin · end", "état · state")
    now = micros()
    with opened() as db, db.reading() as session:
        for one in listed(session, structure):
            state = "en vigueur · in force" if one.is_in_force(now) else "fini · ended"
            if one.revoked is not None:
                state = f"révoqué · revoked ({one.reason.lower()})"
            shown.add_row(one.serial, one.offer.value, one.structure, one.name, moment(one.ends), state)
    out.print(shown)


@app.command()
def revoke(
    serial: Annotated[str, typer.Argument(help="Numéro, page de « list ». / Serial number, as listed.")],
    reason: Annotated[str, typer.Option(help="unspecified, key-compromise, superseded…")] = "unspecified",
) -> None:
    """Révoquer un certificat. / Revoke a certificate."""
    from socle.kernel.actors import BY_SYSTEM
    from socle.kernel.certificates.acts import read_reason
    from socle.kernel.certificates.acts import revoke as revoked

    with opened() as db, db.unit() as unit:
        one = revoked(unit, BY_SYSTEM, serial=serial, reason=read_reason(reason))
    out.print(f"{one.serial}  {one.name}  {one.structure}", soft_wrap=True, markup=False)


@app.command()
def chain() -> None:
    """Écrire les certificats des autorités, en PEM. / Write the certificates of the authorities, in PEM."""
    import sys

    from cryptography.hazmat.primitives.serialization import Encoding

    from socle.kernel.certificates.authorities import chain as authorities

    with opened() as db, db.reading() as session:
        for one in authorities(session):
            sys.stdout.write(one.public_bytes(Encoding.PEM).decode())
