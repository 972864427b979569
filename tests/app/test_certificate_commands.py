"""`socle certificates`: what a publisher types before anything else, and a TLS door that takes the result."""

from pathlib import Path

from cryptography import x509

from tests.support.command_line import socle

STRUCTURE = ("--structure", "1690900006", "--name", "HÔPITAL FICTIF", "--department", "Rhône (69)")


def test_a_certificate_from_its_making_to_its_end(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "mine"
    assert socle("migrate", home=home).returncode == 0
    command = ("certificates", "issue", "ORG_AUTH_CLI", "INSI-MANU", *STRUCTURE, "--out", folder)
    made = socle(*command, home=home)
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["INSI-MANU.key", "INSI-MANU.pem", "igc.pem"]
    assert (folder / "INSI-MANU.key").stat().st_mode & 0o777 == 0o600
    leaf, issuer = x509.load_pem_x509_certificates((folder / "INSI-MANU.pem").read_bytes())
    leaf.verify_directly_issued_by(issuer)
    serial = f"{leaf.serial_number:x}"
    again = socle(*command, home=home)
    assert again.returncode == 2
    assert "INSI-MANU" in again.stderr
    listed = socle("certificates", "list", home=home, COLUMNS="200").stdout
    assert listed.count("INSI-MANU") == 1
    assert serial in listed
    revoked = socle("certificates", "revoke", serial, "--reason", "superseded", home=home)
    assert revoked.returncode == 0, revoked.stderr
    assert "superseded" in socle("certificates", "list", home=home, COLUMNS="200").stdout
    assert socle("certificates", "revoke", serial, home=home).returncode == 2
    chain = socle("certificates", "chain", home=home).stdout
    assert chain == (folder / "igc.pem").read_text(encoding="ascii")
