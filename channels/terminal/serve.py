"""`stagecraft serve` and `stagecraft serve-model`: the page, and the demonstration model as an endpoint by itself."""

import contextlib

import click

from channels.terminal.door import Door

_PORT = click.IntRange(1, 65535)


@click.command(short_help="Open the page.")
@click.option("--host", metavar="ADDRESS", help="Address to listen on.  [default: STAGECRAFT_WEB__HOST, 127.0.0.1]")
@click.option("--port", type=_PORT, metavar="PORT", help="Port to listen on.  [default: STAGECRAFT_WEB__PORT, 8000]")
@click.pass_obj
def serve(door: Door, host: str | None, port: int | None) -> None:
    """Open the page in this terminal until Ctrl-C.

    Without sign-in (STAGECRAFT_SIGNIN__METHOD) the page listens on this machine only, and whoever sits at it is the local
    analyst. Answers that are under way have ten seconds to end.
    """
    from channels.terminal.server import serve_page

    web = door.settings.web
    serve_page(door, host or web.host, port or web.port)


@click.command("serve-model", short_help="Serve the demonstration model alone.")
@click.option("--port", type=_PORT, default=8081, show_default=True, metavar="PORT", help="Port to listen on.")
@click.pass_obj
def serve_model(door: Door, port: int) -> None:
    """Serve the demonstration model alone, as an OpenAI-compatible endpoint on this machine, until Ctrl-C.

    STAGECRAFT_EMBEDDED__MODEL names the model; its context and threads are settings too.
    """
    from chains.endpoint.embedded import EmbeddedOptions
    from chains.endpoint.embedded import serve as serve_embedded
    from channels.terminal.server import require_free

    settings = door.settings
    require_free("127.0.0.1", port)
    options = EmbeddedOptions(data_dir=settings.data_dir.absolute(), **settings.embedded.model_dump())
    click.echo(f"Loading {options.model}. It answers at http://127.0.0.1:{port}/v1 in a moment; Ctrl-C ends it.")
    # Ctrl-C is how it is meant to end.
    with contextlib.suppress(KeyboardInterrupt):
        serve_embedded(options, "127.0.0.1", port)
