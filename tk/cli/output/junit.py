"""Findings as JUnit XML, the form of test results that forges and CI servers show.

A finding is a test case: an error one that failed, what cannot be judged one that was skipped, unless that is an error,
a warning one that passed and had something to say. Where nothing was found there is one case, which passed.
"""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tk.cli.output.review import Review, found_at
from tk.cli.terminal.safe import inert, safe
from tk.core.finding import Finding

_NO_XML = re.compile("[\ufffe\uffff]")
"""What `safe` leaves and XML does not allow."""


def junit(review: Review) -> str:
    """Return a document of one suite."""
    counts = {
        "tests": str(max(1, len(review.findings))),
        "failures": str(sum(finding.is_error for finding in review.findings)),
        "errors": "0",
    }
    root = Element("testsuites", {"name": review.command, **counts})
    skipped = sum(_is_skipped(finding) for finding in review.findings)
    suite = SubElement(root, "testsuite", {"name": review.command, **counts, "skipped": str(skipped)})
    if not review.findings:
        SubElement(suite, "testcase", name=review.command, classname=review.command)
    for finding in review.findings:
        where = found_at(finding._replace(path=_text(review.prefix + finding.path if finding.path else "")))
        case = SubElement(suite, "testcase", name=where or review.command, classname=f"{review.command}.{finding.code}")
        _tell(case, finding)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}'


def _tell(case: Element, finding: Finding) -> None:
    message = _text(str(finding.message))
    if finding.is_error:
        SubElement(case, "failure", type=finding.code, message=message).text = message
    elif _is_skipped(finding):
        SubElement(case, "skipped", type=finding.code, message=message)
    else:
        SubElement(case, "system-out").text = f"{finding.severity}[{finding.code}] {message}"


def _is_skipped(finding: Finding) -> bool:
    return finding.verdict == "unverifiable" and not finding.is_error


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", inert(safe(text)))
