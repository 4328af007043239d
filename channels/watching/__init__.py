"""What an operator watches: whether the house is ready, its counts, its lines in a log, its spans."""
