"""The web application around the page: routes, hardening, the files it serves."""
