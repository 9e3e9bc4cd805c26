"""Half an hour of messages on PostgreSQL while parts of the bot are killed: `python -m benchmarks.soak`."""
