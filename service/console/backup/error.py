"""What stops a backup or a restore."""


class BackupError(RuntimeError):
    """It cannot be done; the message is one sentence that names what is wrong and the next step."""
