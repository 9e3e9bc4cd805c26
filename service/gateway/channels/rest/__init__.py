"""The REST channel, in Rasa's JSON form. It trusts any sender id, so it is for loopback only."""
