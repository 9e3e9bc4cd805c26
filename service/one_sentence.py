"""What an operator has to mend ends a process with one sentence, not with a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured

from baclofen_faq.logs import LogSettingsError
from baclofen_faq.vetted_files import VettedFileError


@contextmanager
def said_in_one_sentence(*more: type[Exception]) -> Iterator[None]:
    """Inside, a wrong setting or file, or one of `more`, ends the process with 1; its sentence is the last line."""
    try:
        yield
    except (ImproperlyConfigured, VettedFileError, LogSettingsError, *more) as error:
        sys.exit(str(error))
