"""How the widget is set up, as the settings say it."""

from typing import TYPE_CHECKING

from channels.signin.options import SignIn
from channels.widget.options import WITHOUT_WIDGET, WidgetOptions, portal_keys, require_sound_widget

if TYPE_CHECKING:
    from settings import Settings


def widget_of(settings: "Settings", signin: SignIn) -> WidgetOptions:
    """Return how the widget is set up. Raises ConfigurationError where that would leave a door open, or a portal's key is unsound."""
    chosen = settings.widget
    if not chosen.origins:
        return WITHOUT_WIDGET
    widget = WidgetOptions(
        origins=chosen.origins,
        portals=portal_keys(chosen.portals),
        oidc_audience=chosen.oidc_audience or "",
        groups=frozenset(chosen.groups),
        session_seconds=int(chosen.session_hours * 60 * 60) or 1,
        theme=chosen.theme,
        language=chosen.language,
        position=chosen.position,
        load=chosen.load,
        starters=chosen.starters,
    )
    require_sound_widget(widget, signin)
    return widget
