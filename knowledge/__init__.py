"""WHAT is known: the pack, its terms and passages, and how they are found."""
