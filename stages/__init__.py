"""WHAT can be asked: one folder a stage, and the catalog that finds and judges them."""
