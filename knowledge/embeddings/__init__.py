"""What turns texts into vectors, and how one embedding takes the place of another."""
