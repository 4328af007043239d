"""What every test may rely on: no setting of the developer's shell or `.env`, and the test data where they are."""

import os
from pathlib import Path

import pytest

# What stands in the shell is taken out before a test module is imported; these two name what tests may use, not settings.
_KEPT = ("STAGECRAFT_TEST_DATA", "STAGECRAFT_TEST_POSTGRES")
for _name in [name for name in os.environ if name.upper().startswith("STAGECRAFT_") and name not in _KEPT]:
    del os.environ[_name]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in an empty folder, where no `.env` lies, and without what would be taken for a misspelt setting.

    Child processes find the checkout by PYTHONPATH instead of by the folder they are started in.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parent.parent))
    monkeypatch.delenv("STAGECRAFT_TEST_POSTGRES", raising=False)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of public data sets that are not part of the repository (`STAGECRAFT_TEST_DATA`)."""
    named = os.environ.get("STAGECRAFT_TEST_DATA", "")
    if not named or not Path(named).is_dir():
        pytest.skip("STAGECRAFT_TEST_DATA names no folder of test data")
    return Path(named)
