"""The door for tools that speak the Model Context Protocol; the vendor's package of the same name is imported absolutely, and late."""
