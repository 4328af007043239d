"""An API definition from stories and classes."""
