"""Tickets' files that several tests read: the design's own example, and one written by hand."""

from datetime import datetime

PATH = "tickets/2026/08/12/TK-260812-7K3QX.md"
AT = datetime.fromisoformat("2026-08-12T11:02:40-05:00")
EXAMPLE = """\
---
id: TK-260812-7K3QX
aliases: [OLD-4711]
title: Calentador no enciende tras la reinstalación
status: open
status-since: 2026-08-12T11:02:40-05:00
priority: high
type: incident
category: [calentadores, garantía, encendido]
channel: phone
requester: ana@example.cl
customer: panaderia-sol
unit: SN-20881
creator: mlopez
owner: mlopez
team: support
created: 2026-08-12T09:14:03-05:00
updated: 2026-08-12T11:02:40-05:00
activity: 2026-08-12T10:40:00-05:00
due:
  resolution: 2026-08-14T18:00:00-05:00
target:
  first-response: 4h
  resolution: 16bh
paused:
  next-response: 2h
breached:
  first-response: 2026-08-12T13:14:03-05:00
fired:
  warn-resolution: 2026-08-14T17:00:00-05:00
follow-up: 2026-08-13T10:00:00-05:00
tags: [reinstalación]
links:
- kind: follows
  id: TK-260701-0B2M4
attachments:
- file: nota-de-compra.pdf
  kind: purchase-note
  date: 2026-08-10
requests:
  type: {by: mlopez, at: 2026-08-12T11:02:40-05:00, value: fault}
approvals:
  reinstall: {by: zgomez, at: 2026-08-12T12:00:00-05:00}
rating: {value: good, by: ana@example.cl, at: 2026-08-20T09:00:00-05:00}
level: 1
---
What the requester said, in Markdown.

## Log

### 2026-08-12T11:02:40-05:00 call-out mlopez {#e-k3q9}

Called back; asked for the purchase note.
"""
HAND = """\
---
# opened by phone
title:   'Boiler  cold'   # as told
id: "TK-260812-7K3QX"
x-note: >-
  folded
  text
status: open # for now

created: 2026-08-12T09:14:03-05:00
owner:    # nobody yet
due:
    # agreed by phone
    resolution: 2026-08-14T18:00:00-05:00  # hard
    next-response: 2026-08-13T18:00:00-05:00
links:
  - {kind: follows, id: TK-260701-0B2M4}
  # and more
tags: [ one,
        two ]
x-last: "quo\\"ted"
---
Words.
"""
