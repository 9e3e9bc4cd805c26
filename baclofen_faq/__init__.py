"""A conversational FAQ bot about baclofen withdrawal: the parts that need neither Rasa nor Django."""
