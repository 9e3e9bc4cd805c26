"""What the project adds to Rasa: two graph components, one policy, one channel."""
