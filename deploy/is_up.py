"""Ends with 0 where the process of this container answers well: python deploy/is_up.py http://127.0.0.1:8080/healthz."""

import os
import sys
from urllib.request import Request, urlopen

SECONDS = 6

if __name__ == "__main__":
    host = os.environ.get("CONSOLE_HOSTS", "127.0.0.1").split(",")[0]
    headers = {"Host": host, "X-Forwarded-Proto": "https"}  # as nginx asks: the console sends others to https first
    urlopen(Request(sys.argv[1], headers=headers), timeout=SECONDS).close()
