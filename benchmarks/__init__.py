"""The figures that Stagecraft is held to, measured on this machine: `python -m benchmarks`."""
