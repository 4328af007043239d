"""How people sign in, as the settings say it."""

from typing import TYPE_CHECKING

from channels.signin.options import Oidc, ProxyHeaders, SignIn, require_sound

if TYPE_CHECKING:
    from settings import Settings, SignInSettings


def sign_in_of(settings: "Settings", host: str | None = None) -> SignIn:
    """Return how people sign in, where the page listens on `host` or else the setting's.

    Raises ConfigurationError where that would leave a door open.
    """
    chosen, web = settings.signin, settings.web
    signin = SignIn(
        method=chosen.method,
        public_url=web.public_url or "",
        proxies=web.proxies,
        session_seconds=int(chosen.session_hours * 60 * 60) or 1,
        admins=frozenset(email.strip().lower() for email in chosen.admins),
        default_roles=frozenset(chosen.default_roles),
        role_map=chosen.role_map,
        oidc=_provider(chosen),
        headers=_headers(chosen),
    )
    require_sound(signin, host or web.host)
    return signin


def _provider(chosen: "SignInSettings") -> Oidc:
    return Oidc(
        address=chosen.oidc_address or "",
        client_id=chosen.oidc_client_id or "",
        client_secret=chosen.oidc_client_secret.get_secret_value() if chosen.oidc_client_secret else "",
        scopes=chosen.oidc_scopes,
        groups_claim=chosen.groups_claim,
        trust_email=chosen.trust_email,
    )


def _headers(chosen: "SignInSettings") -> ProxyHeaders:
    return ProxyHeaders(chosen.header_user, chosen.header_name or "", chosen.header_email or "", chosen.header_groups or "")
