"""The domain model: classes with attributes and states, and how they stand to each other."""
