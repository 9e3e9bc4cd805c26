"""The fixtures of the operator's tests."""

from tests.faults.postgres import Postgres, postgres  # noqa: F401  (a fixture)
