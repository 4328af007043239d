"""Settings: misspelt, unsound and leaking ones are refused before anything starts."""

from pathlib import Path

import pytest
from pydantic import ValidationError

import settings
from errors import ConfigurationError


def test_without_any_variable_every_setting_has_its_default() -> None:
    loaded = settings.load()
    assert loaded.endpoint.base_url is None
    assert loaded.data_dir == Path(".data")
    assert loaded.web.host == "127.0.0.1"


def test_a_variable_reaches_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGECRAFT_ENDPOINT__BASE_URL", "http://models.example/v1")
    monkeypatch.setenv("STAGECRAFT_WEB__ALLOWED_ORIGINS", '["https://portal.example"]')
    loaded = settings.load()
    assert loaded.endpoint.base_url == "http://models.example/v1"
    assert loaded.web.allowed_origins == ("https://portal.example",)


def test_the_env_file_is_read_and_the_environment_goes_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("STAGECRAFT_LANGUAGE=zh\nSTAGECRAFT_WEB__PORT=8100\nCHAINLIT_AUTH_SECRET=x\n", "utf-8")
    monkeypatch.setenv("STAGECRAFT_WEB__PORT", "8200")
    loaded = settings.load()
    assert loaded.language == "zh"
    assert loaded.web.port == 8200


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGECRAFT_ENDPOINT__BASE_URL", "")
    assert settings.load().endpoint.base_url is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("STAGECRAFT_ENDPOINT__BASEURL", "STAGECRAFT_ENDPOINT__BASE_URL"),
        ("STAGECRAFT_DATADIR", "STAGECRAFT_DATA_DIR"),
        ("STAGECRAFT_KNOWLEDGE__PASSAGE_TOKEN", "STAGECRAFT_KNOWLEDGE__PASSAGE_TOKENS"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest_one(written: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(written, "1")
    with pytest.raises(ConfigurationError, match=rf"{written}\. Did you mean {meant}\?"):
        settings.load()


def test_a_misspelt_name_in_the_env_file_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\nexport STAGECRAFT_LANGUGE=en\n", "utf-8")
    with pytest.raises(ConfigurationError, match="Did you mean STAGECRAFT_LANGUAGE"):
        settings.load()


def test_a_name_like_no_other_is_refused_with_the_way_to_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGECRAFT_" + "Q" * 40, "1")
    with pytest.raises(ConfigurationError, match="stagecraft settings"):
        settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAGECRAFT_WEB__PORT", "70000"),
        ("STAGECRAFT_ENDPOINT__PARALLEL", "0"),
        ("STAGECRAFT_LANGUAGE", "fr"),
        ("STAGECRAFT_KNOWLEDGE__PASSAGES", "many"),
    ],
)
def test_an_unsound_value_is_refused_by_its_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=rf"{name} is unsound"):
        settings.load()


@pytest.mark.parametrize("name", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING"])
def test_tracing_that_would_send_prompts_away_refuses_the_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "true")
    with pytest.raises(ConfigurationError, match=rf"{name} is set"):
        settings.load()


def test_tracing_that_is_off_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
    settings.load()


def test_an_embedding_by_the_server_needs_an_address_and_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGECRAFT_KNOWLEDGE__EMBEDDING", "endpoint")
    with pytest.raises(ConfigurationError, match="STAGECRAFT_KNOWLEDGE__EMBEDDING_BASE_URL"):
        settings.load()
    monkeypatch.setenv("STAGECRAFT_ENDPOINT__BASE_URL", "http://models.bank.example/v1")
    with pytest.raises(ConfigurationError, match="STAGECRAFT_KNOWLEDGE__EMBEDDING_MODEL"):
        settings.load()
    monkeypatch.setenv("STAGECRAFT_KNOWLEDGE__EMBEDDING_MODEL", "bge")
    assert settings.load().knowledge.embedding_model == "bge"


def test_an_embedding_from_a_folder_needs_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGECRAFT_KNOWLEDGE__EMBEDDING", "folder")
    with pytest.raises(ConfigurationError, match="STAGECRAFT_KNOWLEDGE__EMBEDDING_FOLDER"):
        settings.load()


@pytest.mark.parametrize("group", ["", "endpoint", "embedded", "knowledge", "records", "web"])
def test_settings_and_their_groups_are_frozen(group: str) -> None:
    loaded = settings.load()
    frozen = getattr(loaded, group) if group else loaded
    with pytest.raises(ValidationError, match="frozen"):
        setattr(frozen, next(iter(type(frozen).model_fields)), "other")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGECRAFT_ENDPOINT__API_KEY", "hush-hush")
    monkeypatch.setenv("STAGECRAFT_RECORDS__DATABASE_URL", "postgresql+asyncpg://stagecraft:hush-hush@db/stagecraft")
    loaded = settings.load()
    assert loaded.endpoint.api_key is not None
    assert loaded.endpoint.api_key.get_secret_value() == "hush-hush"
    assert "hush-hush" not in f"{loaded!r} {loaded} {loaded.model_dump_json()}"


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, (description, _) in settings.names().items() if len(description) < 10] == []
