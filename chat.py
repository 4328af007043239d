"""Chainlit's target: registers the chat's callbacks. It is loaded by path; `channels.chat` holds the code."""

from channels import chat

chat.register()
