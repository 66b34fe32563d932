"""Runs test functions, says how each went, ends with "N passed, N failed"."""

import sys
import time
import traceback

from demo import DEADLINE


def wait_until(condition, what):
    """Polls until condition() is true and returns its value."""
    end = time.monotonic() + DEADLINE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"in {DEADLINE:.0f} s not seen: {what}")
        time.sleep(0.05)


def equal(found, expected, what=""):
    if found != expected:
        raise AssertionError(f"{what or 'value'}: expected {expected!r}, found {found!r}")


def run(tests, *arguments, after=lambda: None):
    """Calls each test with the arguments, and after() behind each; returns the exit status of the program."""
    failed = 0
    for test in tests:
        began = time.monotonic()
        try:
            try:
                test(*arguments)
            finally:
                after()
            print(f"ok      {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED  {test.__name__}", flush=True)
            traceback.print_exc(file=sys.stdout)
    print(f"{len(tests) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0
