"""What the messaging apps share: verified updates into a queue, through the one path, and out to the platform."""
