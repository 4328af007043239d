"""Slack: the assistant in its panel, in direct messages and in channels."""
