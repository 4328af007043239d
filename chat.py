"""Chainlit's target: registers the chat's callbacks. It is loaded by path; `channels.page.chat` holds the code."""

from channels.page import chat

chat.register()
