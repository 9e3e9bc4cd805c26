"""What is counted where a store fails or is late: nobody waits for it, and nothing said is lost by it."""

from enum import Enum

from prometheus_client import Counter

errors = Counter("store_errors", "Work on a store that failed or was late; it is tried again", ["store"])


class Store(Enum):
    """Where something is kept."""

    OUTBOX = "outbox"  # on this machine: turns on their way to the log, parcels of the messaging apps
    LOG = "log"
    RASA = "rasa"  # Rasa's tracker store, as far as the gateway and the console delete from it


def count_error(store: Store) -> None:
    """Count one failure."""
    errors.labels(store.value).inc()


for _store in Store:
    errors.labels(_store.value)  # is 0, not missing, before the first
