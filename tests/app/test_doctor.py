"""What the doctor says of the TLS door and of backups."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from socle.app.doctor import Finding, examine
from socle.kernel.keyring.settings import keyring_settings
from socle.kernel.settings import settings


def tls_finding() -> Finding:
    return next(finding for finding in examine() if finding.what.en == "TLS door")


def server(folder: Path, ends: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A TLS door whose certificate counts until then."""
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", not_before=ends - timedelta(days=90), not_after=ends)
    issued.private_key_pem.write_to_path(folder / "key.pem")
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name, value in {"PORT": "1", "CERTIFICATE": folder / "cert.pem", "KEY": folder / "key.pem"}.items():
        monkeypatch.setenv(f"SOCLE_TLS_{name}", str(value))
    monkeypatch.setenv("SOCLE_TLS_CLIENT_CA", str(folder / "ca.pem"))


@pytest.mark.parametrize(("days", "level"), [(60, "ok"), (10, "warning"), (-1, "error")])
def test_the_end_of_the_certificate_is_told_in_time(
    days: int, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = datetime.now(UTC) + timedelta(days=days)
    server(tmp_path, ends, monkeypatch)
    found = tls_finding()
    assert found.level == level
    assert f"{ends:%Y-%m-%d}" in found.found
    assert (found.remedy is None) is (level == "ok")


def test_a_door_that_cannot_open_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server(tmp_path, datetime.now(UTC) + timedelta(days=60), monkeypatch)
    (tmp_path / "key.pem").unlink()
    found = tls_finding()
    assert (found.level, found.found) == ("error", "tls-door-unusable")
    assert found.remedy is not None
    assert "SOCLE_TLS_KEY" in found.remedy.en


def test_no_door_is_no_fault() -> None:
    assert (tls_finding().level, tls_finding().remedy) == ("ok", None)


def test_the_last_backup_is_dated_by_its_data_wherever_the_file_was_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> str:
        monkeypatch.setenv("SOCLE_BACKUP_FOLDER", str(tmp_path))
        keyring_settings.cache_clear()
        return next(finding.found for finding in examine() if finding.what.en == "Last backup")

    try:
        assert told() == "aucune / none"
        for name in ("20261122T000000.000000Z", "20261121T000000.000000Z", "copie"):
            (tmp_path / f"socle-{name}.zip").touch()
        assert told() == "socle-20261122T000000.000000Z.zip, 2026-11-22 00:00 UTC"
    finally:
        keyring_settings.cache_clear()


@pytest.mark.parametrize(
    ("profile", "listed", "level"),
    [("production", "", "warning"), ("production", "127.0.0.1", "ok"), ("demo", "", "ok")],
)
def test_a_production_whose_proxy_is_not_listed_takes_everybody_for_it(
    profile: str, listed: str, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCLE_PROFILE", profile)
    monkeypatch.setenv("SOCLE_PROXIES", listed)
    settings.cache_clear()
    try:
        (found,) = [finding for finding in examine() if finding.what.en == "Proxies"]
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert found.level == level
    assert (found.remedy is not None and "SOCLE_PROXIES" in found.remedy.en) is (level == "warning")
