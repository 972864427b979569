"""What a newcomer sees in the terminal: version and data folder, what was loaded, services and commands that work."""

from rich.console import Console

from socle import __version__
from socle.app.manifests import house
from socle.app.up import Loaded, first_invitation
from socle.kernel.manifest import command
from socle.kernel.settings import settings

_TITLE_WIDTH = 24


def banner(out: Console, loaded: Loaded | None, host: str | None, port: int | None) -> None:
    chosen = settings()
    base = chosen.public_url if port is None else f"http://localhost:{port}"
    out.print(f"Socle {__version__} · {chosen.home} · {chosen.profile}", soft_wrap=True)
    if not chosen.production:
        _say(
            out,
            "Démonstration : personnes et structures fictives ; ce n’est pas un service de l’État.",
            "Demonstration: fictional people and structures; this is not a service of the State.",
        )
    if loaded:
        _tell_loaded(out, loaded)
    for manifest in sorted(house(), key=lambda one: one.order):
        door = manifest.door()
        first = next((endpoint for endpoint in manifest.endpoints if endpoint.curl), None)
        if door is not None:
            title = " / ".join(dict.fromkeys([manifest.title.fr, manifest.title.en]))
            out.print(f"  {title:<{_TITLE_WIDTH}} {base}/{door.route}", soft_wrap=True)
        if first is not None:
            curl = command(first.curl, base, demo=not chosen.production)
            out.print(f"  {'':<{_TITLE_WIDTH}} {curl}", soft_wrap=True, markup=False)
    if link := first_invitation():
        _say(out, "\nPremier exploitant, lien à usage unique :", "First operator, link that works once:")
        out.print(f"  {base}{link}", soft_wrap=True, markup=False)
    out.print(f"\n{base}  ·  Ctrl-C pour arrêter / to stop", style="bold", soft_wrap=True)


def _say(out: Console, fr: str, en: str) -> None:
    out.print(fr, soft_wrap=True)
    out.print(en, soft_wrap=True)


def _tell_loaded(out: Console, loaded: Loaded) -> None:
    report = loaded.report
    lines, seconds = sum(file["lines"] for file in report["files"]), f"{report['seconds']:.1f} s"
    _say(
        out,
        f"{loaded.territory} : {loaded.persons} professionnels, {loaded.structures} structures, "
        f"{lines} lignes en {seconds}",
        f"{loaded.territory}: {loaded.persons} professionals, {loaded.structures} structures, "
        f"{lines} lines in {seconds}",
    )
