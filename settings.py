"""Every knob of Stagecraft, typed and documented; the only reader of the environment."""

import difflib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from errors import ConfigurationError

PREFIX = "STAGECRAFT_"
_SHORTEST_HIDDEN = 6


class _Group(BaseModel):
    """A group of settings: frozen, and a misspelt name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EndpointSettings(_Group):
    """The private model server. Without `base_url` the embedded demonstration model answers."""

    base_url: str | None = Field(
        None,
        description="Address of the OpenAI-compatible server, with its version path, such as `http://models.bank.example/v1`.",
    )
    api_key: SecretStr | None = Field(None, description="Key sent as a bearer token; none where the server asks for none.")
    model: str | None = Field(None, description="Name of the model; the first that the server lists where empty.")
    structured: Literal["auto", "schema", "prompt"] = Field(
        "auto",
        description="Whether the server decodes under a JSON Schema: found out once (`auto`), taken as given (`schema`), or never used (`prompt`).",
    )
    way: Literal["auto", "whole", "items"] = Field(
        "auto",
        description="Ask for the whole artifact in one call, or for an outline and then each item; `auto` takes items for the embedded model.",
    )
    parallel: int = Field(4, ge=1, le=64, description="Calls made at a time for the items of one answer.")
    context_tokens: int | None = Field(
        None,
        ge=1024,
        description="Longest prompt and reply together, in tokens; found out where empty, 8192 where the server does not say.",
    )
    reply_tokens: int = Field(3000, ge=128, description="Most tokens of one reply.")
    temperature: float = Field(0.0, ge=0, le=2, description="Sampling temperature.")
    connect_seconds: float = Field(5.0, gt=0, description="Seconds to wait for a connection.")
    first_token_seconds: float = Field(20.0, gt=0, description="Seconds to wait for the first token of a reply.")
    answer_seconds: float = Field(120.0, gt=0, description="Seconds for one whole reply.")
    busy_seconds: float = Field(10.0, ge=0, description="Longest wait, in seconds, that a busy server may ask for.")


class EmbeddedSettings(_Group):
    """The demonstration model that comes as a package."""

    model: Literal["gemma3-270m", "smollm2-135m"] = Field(
        "gemma3-270m", description="Which packaged model answers without a configured endpoint."
    )
    threads: int = Field(0, ge=0, description="Processor threads; 0 takes the number of cores.")
    context_tokens: int = Field(4096, ge=2048, le=32768, description="Context of one call, in tokens.")
    start_seconds: float = Field(60.0, gt=0, description="Seconds to wait for the model to be loaded.")


class KnowledgeSettings(_Group):
    """The organisation's pack and how it is found."""

    pack: Path | None = Field(None, description="Folder of the pack; the sample pack of a fictional bank where empty.")
    embedding: Literal["embedded", "folder", "endpoint", "none"] = Field(
        "embedded",
        description="Vectors by the packaged multilingual E5 (`embedded`), a sentence-transformers model in `embedding_folder` (`folder`), the private server's `/embeddings` (`endpoint`), or words alone (`none`).",
    )
    embedding_folder: Path | None = Field(
        None, description="Local sentence-transformers model (safetensors), used with `embedding=folder`."
    )
    embedding_base_url: str | None = Field(
        None, description="Address of the server that embeds, with its version path; the endpoint's own address where empty."
    )
    embedding_api_key: SecretStr | None = Field(
        None, description="Key of the server that embeds; the endpoint's key where empty."
    )
    embedding_model: str | None = Field(None, description="Name of the embedding model, used with `embedding=endpoint`.")
    query_prefix: str = Field(
        "", description="Text that the model of `folder` or `endpoint` wants before a query, such as `query: `."
    )
    passage_prefix: str = Field(
        "", description="Text that the model of `folder` or `endpoint` wants before a passage, such as `passage: `."
    )
    reranker_folder: Path | None = Field(
        None, description="Local cross-encoder (safetensors) that reads the best passages once more; none where empty."
    )
    rerank_seconds: float = Field(
        0.5, gt=0, description="Time for that reading, in seconds; what is not read by then keeps its place."
    )
    index: Literal["chroma", "memory", "pgvector"] = Field(
        "chroma",
        description="Where vectors are searched: a Chroma folder (one machine), memory, or PostgreSQL with pgvector in `records.database_url` (many machines).",
    )
    passage_tokens: int = Field(120, ge=40, le=400, description="Aimed length of a passage, in tokens.")
    passages: int = Field(6, ge=1, le=30, description="Passages gathered for one answer.")


class RecordSettings(_Group):
    """Where turns, artifacts and knowledge are kept."""

    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL, such as `postgresql+asyncpg://stagecraft@db/stagecraft`; SQLite in the data folder where empty.",
    )


class WebSettings(_Group):
    """The page. Without sign-in it listens on loopback only; with it, beyond loopback only behind a proxy that ends https."""

    host: str = Field("127.0.0.1", description="Address to listen on; without sign-in a loopback address.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    public_url: str | None = Field(
        None, description="Address by which people reach the page, such as `https://stagecraft.bank.example`; needs sign-in."
    )
    proxies: tuple[str, ...] = Field(
        (),
        description='Addresses or networks, as a JSON list such as `["10.0.0.7"]`, whose `X-Forwarded-*` headers are believed.',
    )
    allowed_origins: tuple[str, ...] = Field(
        (), description="Exact origins, as a JSON list, that may use the page and open its websocket besides the page itself."
    )
    brief_characters: int = Field(20_000, ge=100, description="Longest brief, in characters.")


class SignInSettings(_Group):
    """How people sign in. With `none` whoever sits at this machine is the local analyst, who may do everything."""

    method: Literal["none", "oidc", "header", "password"] = Field(
        "none",
        description="Nobody signs in (`none`), an OpenID provider (`oidc`), a proxy that signs people in (`header`), or passwords kept here (`password`).",
    )
    session_hours: float = Field(8.0, gt=0, le=8, description="Longest session, in hours.")
    admins: tuple[str, ...] = Field((), description="Verified e-mails, as a JSON list, whose owners are admins.")
    default_roles: tuple[Literal["analyst", "curator", "steward", "admin"], ...] = Field(
        ("analyst",),
        description="Roles of everybody who signs in, as a JSON list; with none, only who is given a role may enter.",
    )
    role_map: dict[str, Literal["analyst", "curator", "steward", "admin"]] = Field(
        {}, description='Role that comes with a group, as JSON such as `{"sc-curators": "curator"}`.'
    )
    oidc_address: str | None = Field(None, description="Address of the OpenID provider (its issuer, or its discovery document).")
    oidc_client_id: str | None = Field(None, description="What the provider calls this application.")
    oidc_client_secret: SecretStr | None = Field(None, description="Its secret; none where the provider asks for none.")
    oidc_scopes: tuple[str, ...] = Field(("openid", "profile", "email"), description="Scopes asked for, as a JSON list.")
    groups_claim: str = Field(
        "groups", description="Claim that holds a person's groups; a path such as `realm_access.roles` may be."
    )
    trust_email: bool = Field(
        default=False,
        description="Whether an e-mail counts as verified where the provider does not say; only for your own provider.",
    )
    header_user: str = Field("X-Forwarded-User", description="Header in which the proxy names the person.")
    header_name: str | None = Field(None, description="Header with the name to show.")
    header_email: str | None = Field("X-Forwarded-Email", description="Header with the e-mail.")
    header_groups: str | None = Field("X-Forwarded-Groups", description="Header with the groups, parted by commas.")


class WidgetSettings(_Group):
    """The assistant inside another page of the organisation, such as a portal. Off as long as no origin is named; needs sign-in."""

    origins: tuple[str, ...] = Field(
        (),
        description='Exact origins of portals, as a JSON list such as `["https://portal.bank.example"]`; of the same site as this page.',
    )
    portals: dict[str, str] = Field(
        {},
        description="Public key (PEM, or the path of its file) of each portal that signs assertions, under the name that it issues them by, as JSON.",
    )
    oidc_audience: str | None = Field(
        None, description="What the OpenID provider calls the portal; its ID tokens are then taken instead of assertions."
    )
    groups: tuple[str, ...] = Field(
        (), description="Groups that a portal may say its people are in, as a JSON list; all others it says are ignored."
    )
    session_hours: float = Field(4.0, gt=0, le=8, description="Longest session of the widget, in hours.")
    theme: Literal["auto", "light", "dark"] = Field("auto", description="Colours; `auto` follows the person's system.")
    language: Literal["auto", "en", "zh"] = Field("auto", description="Language of its words; `auto` follows the portal's page.")
    position: Literal["right", "left"] = Field("right", description="Lower corner in which its button stands.")
    load: Literal["open", "idle"] = Field(
        "open",
        description="Load the chat when a person opens it (`open`), or beforehand when the portal's page has come to rest (`idle`).",
    )
    starters: tuple[str, ...] = Field(
        ("user_stories", "acceptance_criteria", "faq"), description="Stages whose examples a person finds in it, as a JSON list."
    )


class LoadSettings(_Group):
    """How much at a time, and how often one person asks."""

    calls: int = Field(
        32,
        ge=1,
        le=10_000,
        description="Calls to the model server at a time, and turns that are answered; the embedded model takes one.",
    )
    calls_per_person: int = Field(4, ge=1, le=10_000, description="Of these, calls and turns of one person at a time.")
    calls_of_replicas: int = Field(
        0,
        ge=0,
        le=10_000,
        description="Calls at a time of all replicas together, shared out by leases in PostgreSQL; 0 leaves each replica its own.",
    )
    waiting: int = Field(
        64, ge=0, le=100_000, description="Turns that may wait in front; whoever comes then is told that it is busy."
    )
    turns_a_minute: int = Field(30, ge=0, description="Turns that one person may begin in a minute; 0 is without limit.")
    turns_an_hour: int = Field(300, ge=0, description="Turns that one person may begin in an hour; 0 is without limit.")


class StageSettings(_Group):
    """What the stages take for granted where a brief does not say it."""

    release_audience: Literal["customers", "operations", "developers"] = Field(
        "customers", description="Whom release notes are written for where the brief names no audience."
    )


class LogSettings(_Group):
    """The lines on standard error and in `logs/` of the data folder; they hold no text, key, e-mail or address."""

    format: Literal["text", "json"] = Field(
        "text", description="Lines to be read by people (`text`) or one JSON object each (`json`)."
    )
    level: Literal["warning", "info"] = Field(
        "warning", description="Warnings and errors alone, or a line for each request and each turn as well (`info`)."
    )
    person_key: SecretStr | None = Field(
        None,
        description="Key by which lines name a person as a mark; the same on all servers, or marks change at each start where empty.",
    )


class MetricsSettings(_Group):
    """Prometheus' counts at `/metrics`. A program of this machine may always read them, everybody else finds nothing there."""

    allowed_networks: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description='Networks, as a JSON list such as `["10.1.0.0/16"]`, whose machines may read them directly, not through a proxy.',
    )
    token: SecretStr | None = Field(None, min_length=16, description="Bearer token by which any machine may read them.")


class TracingSettings(_Group):
    """OpenTelemetry's spans of turns and calls, without texts. Off, and not even loaded, without a collector."""

    endpoint: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Collector's OTLP/HTTP address with its path, such as `http://collector.bank.example:4318/v1/traces`.",
    )


class ApiSettings(_Group):
    """The doors for tools, `/v1` and `/api`: each call carries a personal key."""

    key_days: int = Field(180, ge=1, le=3650, description="Days for which a new key is valid.")
    calls_a_minute: int = Field(120, ge=1, description="Most calls that a key may make a minute.")


class SlackSettings(_Group):
    """Slack. Without a bot token there is none; it needs sign-in, because a person in Slack is one who has signed in here once."""

    bot_token: SecretStr | None = Field(None, description="Token of the app's bot, `xoxb-…`; Slack is off where empty.")
    signing_secret: SecretStr | None = Field(None, description="The app's signing secret, by which its HTTP events are known.")
    teams: tuple[str, ...] = Field(
        (), description='Ids of the workspaces whose people may ask, as a JSON list such as `["T0123456"]`.'
    )
    mode: Literal["http", "socket"] = Field(
        "http", description="Slack calls `/slack/events` (`http`), or this server holds a connection to Slack (`socket`)."
    )
    app_token: SecretStr | None = Field(None, description="App-level token, `xapp-…`, used with `mode=socket`.")
    base_url: str = Field(
        "https://slack.com/api/", pattern=r"^https?://", description="Address of Slack's Web API, or of a proxy to it."
    )
    briefs_a_person: int = Field(30, ge=1, description="Briefs that one person may send in Slack in an hour.")
    briefs_a_channel: int = Field(90, ge=1, description="Briefs that may come of one channel in an hour.")
    parallel: int = Field(8, ge=1, le=100, description="Threads of Slack that are answered at a time, on each server.")


class Settings(BaseSettings):
    """All settings; read once at a door and passed down as plain values."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    data_dir: Path = Field(
        Path(".data"), description="Folder of everything written at run time; a backup is its database and uploads."
    )
    language: Literal["auto", "en", "zh"] = Field(
        "auto", description="Language of answers: the brief's own (`auto`), English or Chinese."
    )
    endpoint: EndpointSettings = EndpointSettings()
    embedded: EmbeddedSettings = EmbeddedSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    records: RecordSettings = RecordSettings()
    web: WebSettings = WebSettings()
    signin: SignInSettings = SignInSettings()
    widget: WidgetSettings = WidgetSettings()
    stages: StageSettings = StageSettings()
    load: LoadSettings = LoadSettings()
    api: ApiSettings = ApiSettings()
    logs: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    tracing: TracingSettings = TracingSettings()
    slack: SlackSettings = SlackSettings()

    def hidden(self) -> tuple[str, ...]:
        """Return the words that no line of a log may hold: keys, passwords, and the hosts that addresses name."""
        groups = [getattr(self, name) for name in Settings.model_fields]
        values = [value for group in groups if isinstance(group, _Group) for value in vars(group).values()]
        return tuple(word for value in values for word in _hidden_of(value))


def _hidden_of(value: object) -> Iterator[str]:
    """Yield what is to be hidden of one setting; a host of one short word would hide that word everywhere."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not isinstance(text, str):
        return
    if "://" not in text:
        if isinstance(value, SecretStr) and len(text) >= _SHORTEST_HIDDEN:
            yield text
        return
    parts = urlsplit(text)
    if parts.password:
        yield parts.password
    if parts.hostname and "." in parts.hostname and not parts.hostname.startswith("127."):
        yield parts.hostname


def load() -> Settings:
    """Read the settings from the environment and `.env`.

    Raises ConfigurationError naming the setting that is misspelt, unsound, or would let data leave the house.
    """
    _refuse_misspelt_names()
    _refuse_tracing()
    try:
        settings = Settings()
    except ValidationError as error:
        raise ConfigurationError(_unsound(error)) from error
    if settings.knowledge.embedding == "folder" and settings.knowledge.embedding_folder is None:
        raise ConfigurationError(f"{PREFIX}KNOWLEDGE__EMBEDDING is 'folder': name it in {PREFIX}KNOWLEDGE__EMBEDDING_FOLDER.")
    if settings.knowledge.embedding == "endpoint":
        _require_embedding_server(settings)
    return settings


def _require_embedding_server(settings: Settings) -> None:
    """Raise ConfigurationError where it is not said which model of which server embeds."""
    chosen = f"{PREFIX}KNOWLEDGE__EMBEDDING is 'endpoint'"
    if not (settings.knowledge.embedding_base_url or settings.endpoint.base_url):
        raise ConfigurationError(f"{chosen}: name the server in {PREFIX}KNOWLEDGE__EMBEDDING_BASE_URL.")
    if not settings.knowledge.embedding_model:
        raise ConfigurationError(f"{chosen}: name the model in {PREFIX}KNOWLEDGE__EMBEDDING_MODEL.")


def names() -> dict[str, tuple[str, object]]:
    """Return every setting's variable with its description and default, in reading order."""
    rows: dict[str, tuple[str, object]] = {}
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, _Group):
            for inner, spec in kind.model_fields.items():
                rows[f"{PREFIX}{name}__{inner}".upper()] = (spec.description or "", spec.default)
        else:
            rows[f"{PREFIX}{name}".upper()] = (field.description or "", field.default)
    return rows


def _refuse_misspelt_names() -> None:
    """Compare the names that carry our prefix, in the environment and `.env`, with the fields."""
    known = set(names()) | {f"{PREFIX}TEST_DATA", f"{PREFIX}TEST_POSTGRES"}
    written = {name.upper() for name in os.environ if name.upper().startswith(PREFIX)}
    env_file = Path(".env")
    if env_file.is_file():
        lines = (line.strip().removeprefix("export ") for line in env_file.read_text("utf-8").splitlines())
        written |= {line.split("=", 1)[0].strip().upper() for line in lines if line.upper().startswith(PREFIX)}
    for name in sorted(written - known):
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else " `stagecraft settings` lists them all."
        raise ConfigurationError(f"There is no setting {name}.{hint}")


def _refuse_tracing() -> None:
    """Refuse the variables by which LangSmith or Literal AI would send prompts and chats to another host."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING"):
        if os.environ.get(name, "").lower() in ("true", "1", "yes"):
            raise ConfigurationError(f"{name} is set: it would send prompts to another host. Unset it to start Stagecraft.")
    # The page's framework sends whole chats to a service of that name as soon as it finds a key.
    if os.environ.get("LITERAL_API_KEY"):
        raise ConfigurationError("LITERAL_API_KEY is set: it would send chats to another host. Unset it to start Stagecraft.")


def _unsound(error: ValidationError) -> str:
    """Say in one sentence which variable is unsound and why."""
    first = error.errors()[0]
    name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
    return f"{name} is unsound: {first['msg']}."
