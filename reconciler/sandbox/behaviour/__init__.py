"""What the world does of its own accord: data that flows, offsets and configs that follow, health."""
