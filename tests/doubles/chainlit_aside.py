"""Chainlit, imported with its root in a folder of its own: at its import it writes files there and warns of its vendors' old ways."""

import os
import tempfile
import warnings


def import_aside() -> None:
    """Import Chainlit; whatever imports it afterwards finds it there."""
    os.environ.setdefault("CHAINLIT_APP_ROOT", tempfile.mkdtemp(prefix="chainlit-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chainlit
        import chainlit.data.base
        import chainlit.server  # noqa: F401
