"""What would the data look like if we knew the truth? Seeded worlds: the null, and one file per thing planted in it."""
