"""The widget: the assistant inside another page of the same organisation."""
