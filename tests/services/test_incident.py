"""An incident is one ticket complete: what it holds, what happened, where the time went (rule D14)."""

from datetime import timedelta

from tests.services.office import AGENT, Office
from tk.core.reports.values import days, report_json
from tk.services.incident import incident


def test_d14_each_stretch_of_status_and_owner_is_told(office: Office) -> None:
    with office.by(AGENT):
        number = office.ok("new", "Uno", "--owner", "me")
        office.wait(59)
        office.ok("advance", number, "in-progress", "-m", "Lo miro.")
        office.wait(29)
        office.ok("advance", number, "solved")
    told = incident(office.opened(), number)
    rows = report_json(told.report)["rows"]
    assert isinstance(rows, list)
    assert [(row["what"], row["key"], row["days"]) for row in rows] == [
        ("status", "open", days(timedelta(minutes=60))),
        ("status", "in-progress", days(timedelta(minutes=30))),
        ("status", "solved", None),
        ("owner", "ana", None),
    ]
    assert [entry.actions for entry in told.entries] == [("new", "assign"), ("log.note", "advance"), ("advance",)]
    assert set(told.report.totals) == {"ticket"}


def test_what_runs_still_counts_up_to_now(office: Office) -> None:
    number = office.ok("new", "Uno")
    office.wait(90)
    rows = report_json(incident(office.opened(), number).report)["rows"]
    assert isinstance(rows, list)
    assert [(row["key"], row["end"], row["days"]) for row in rows] == [("open", None, days(timedelta(minutes=90)))]
