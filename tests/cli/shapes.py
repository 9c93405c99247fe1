"""The names of design, section 4: what a program may rely on in each JSON, in the order they are printed."""

_STANDING = """
id aliases path title status status_kind status_since priority type category channel requester customer unit creator
owner team created updated activity due target paused breached fired follow_up tags links attachments requests approvals
rating fields
"""
TICKET = _STANDING.split()
WHOLE_TICKET = [*TICKET, "description", "events"]
EVENT = ["id", "at", "type", "by", "text", "visibility"]
ENTRY = ["commit", "at", "by", "email", "ticket", "actions", "rule", "changes", "events"]
FINDING = ["path", "line", "column", "ticket", "commit", "code", "severity", "verdict", "message"]
