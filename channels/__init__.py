"""WHERE people meet it: the page, the terminal and what both share."""
