"""What a brief needs: terms, passages, what lies upstream, and whether it says enough."""
