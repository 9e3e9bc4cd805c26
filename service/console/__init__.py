"""The staff console: who needs a call, what was asked, what was answered, what the bot got wrong."""
