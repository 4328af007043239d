"""Every knob of Stagecraft, typed and documented; the only reader of the environment."""

import difflib
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from errors import ConfigurationError

PREFIX = "STAGECRAFT_"


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
    """The page. Without sign-in it listens on loopback only."""

    host: str = Field("127.0.0.1", description="Address to listen on; without sign-in a loopback address.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    allowed_origins: tuple[str, ...] = Field(
        (), description="Exact origins, as a JSON list, that may open the page's websocket besides the page itself."
    )
    brief_characters: int = Field(20_000, ge=100, description="Longest brief, in characters.")


class StageSettings(_Group):
    """What the stages take for granted where a brief does not say it."""

    release_audience: Literal["customers", "operations", "developers"] = Field(
        "customers", description="Whom release notes are written for where the brief names no audience."
    )


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
    stages: StageSettings = StageSettings()


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
    """Refuse the variables by which LangSmith would send prompts to another host."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING"):
        if os.environ.get(name, "").lower() in ("true", "1", "yes"):
            raise ConfigurationError(f"{name} is set: it would send prompts to another host. Unset it to start Stagecraft.")


def _unsound(error: ValidationError) -> str:
    """Say in one sentence which variable is unsound and why."""
    first = error.errors()[0]
    name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
    return f"{name} is unsound: {first['msg']}."
