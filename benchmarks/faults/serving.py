"""The real application on loopback over a slow model: `python -m benchmarks.faults.serving FOLDER PORT MODEL_PORT`."""

import os
import sys

import uvicorn


def main(folder: str, port: int, model: int) -> None:
    """Serve until the process ends; the settings are those of this run alone."""
    for name in [name for name in os.environ if name.upper().startswith("STAGECRAFT_")]:
        del os.environ[name]
    chosen = {
        "DATA_DIR": folder,
        "KNOWLEDGE__EMBEDDING": "none",
        "ENDPOINT__BASE_URL": f"http://127.0.0.1:{model}/v1",
        "ENDPOINT__MODEL": "slow",
        "ENDPOINT__STRUCTURED": "schema",
        "ENDPOINT__CONTEXT_TOKENS": "32768",
    }
    os.environ.update({f"STAGECRAFT_{name}": value for name, value in chosen.items()})
    uvicorn.run("app:app", host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=10)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
