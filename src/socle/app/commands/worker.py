"""`socle worker`: deliver events and webhooks, in a process of its own."""

import typer

app = typer.Typer(rich_markup_mode=None)


@app.command()
def worker() -> None:
    """Livrer évènements et webhooks, jusqu’à l’arrêt. / Deliver events and webhooks, until stopped."""
    from socle.app.migrate import require_current, setup
    from socle.app.profile import check_profile, check_server
    from socle.app.watching import start_logging
    from socle.app.worker import run_worker
    from socle.kernel.settings import settings

    check_profile(settings())
    check_server(settings())
    start_logging()
    setup()
    require_current()
    run_worker()
