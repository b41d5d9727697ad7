"""Reads the runners' reports and ends the gate: the ten slowest tests, then how many passed and failed.

usage: report.py JUNIT_XML [DOC_TEST_LOG]; exits with 1 if a test failed, none ran or a report is missing.
"""

import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def main(junit, doc_log=None):
    if not Path(junit).is_file():
        print("error: the tests did not run; their first error stands above", file=sys.stderr)
        return 1
    passed, failed, timed = 0, 0, []
    for suite in xml.parse(junit).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            else:
                passed += 1
            timed.append((float(case.get("time", 0)), suite.get("name"), case.get("name")))
    if doc_log:
        log = Path(doc_log).read_text(encoding="utf-8", errors="replace")
        for good, bad in re.findall(r"^test result: .*?(\d+) passed; (\d+) failed", log, re.MULTILINE):
            passed += int(good)
            failed += int(bad)
    print("the ten slowest tests:")
    for seconds, suite, name in sorted(timed, reverse=True)[:10]:
        print(f"{seconds:9.2f} s  {suite} {name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
