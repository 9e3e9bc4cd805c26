"""Backup and restore of the log and of Rasa's events, on PostgreSQL and on SQLite."""
