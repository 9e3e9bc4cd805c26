"""The console's tests once more, with the log in a real PostgreSQL; but for those of settings and of files alone."""

import os
import re
import subprocess
import sys

from baclofen_faq.vetted_files import ROOT
from tests.faults.postgres import Postgres, postgres  # noqa: F401  (a fixture)


def test_the_console_does_on_postgresql_what_it_does_on_sqlite(postgres: Postgres) -> None:  # noqa: F811
    command = [
        *(sys.executable, "-W", "ignore", "-m", "pytest", "tests/console", "--ds", "service.settings.console"),
        *("-q", "--no-header", "-p", "no:cacheprovider"),
        *("--ignore", "tests/console/test_production.py", "--ignore", "tests/console/test_export_training.py"),
        *("--ignore", "tests/console/test_metrics_of_the_log.py"),  # the audit log is not emptied
    ]
    env = {**os.environ, "DATABASE_URL": postgres.make_database("console"), "DJANGO_SETTINGS_MODULE": ""}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0 and passed and int(passed[1]) > 100, done.stdout[-8000:]
