"""What can be told from facts alone: timelines, tables, and the story of a single history."""
