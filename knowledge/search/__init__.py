"""How passages are found: words and vectors, ranked by language and kind, joined, checked against permissions."""
