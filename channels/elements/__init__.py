"""What the elements of the page are given: plain JSON, every word in the reader's language."""
