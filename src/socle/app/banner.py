"""What a newcomer sees in the terminal: version and data folder, what was loaded, services and commands that work."""

from rich.console import Console

from socle import __version__
from socle.app.manifests import house
from socle.app.up import Loaded
from socle.kernel.settings import settings


def banner(out: Console, loaded: Loaded | None, host: str | None, port: int | None) -> None:
    chosen = settings()
    base = chosen.public_url if port is None else f"http://localhost:{port}"
    out.print(f"Socle {__version__} · {chosen.home} · {chosen.profile}", soft_wrap=True)
    if not chosen.production:
        out.print(
            "Démonstration : personnes et structures fictives ; ce n’est pas un service de l’État.",
            soft_wrap=True,
        )
    if loaded:
        report = loaded.report
        lines = sum(file["lines"] for file in report["files"])
        out.print(
            f"{loaded.territory}: {loaded.persons} professionnels, {loaded.structures} structures, "
            f"{lines} lignes en {report['seconds']:.1f} s",
            soft_wrap=True,
        )
    for manifest in sorted(house(), key=lambda one: one.order):
        door = manifest.door()
        first = next((endpoint for endpoint in manifest.endpoints if endpoint.curl), None)
        if door is not None:
            out.print(f"  {manifest.title.fr:<12} {base}/{door.route}", soft_wrap=True)
        if first is not None:
            out.print(f"  {'':<12} curl {first.curl.replace('{base}', base)}", soft_wrap=True, markup=False)
    out.print(f"\n{base}  ·  Ctrl-C pour arrêter", style="bold", soft_wrap=True)
