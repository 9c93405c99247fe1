"""Foreign formats, in and out: tables, event logs, exports of other help desks; values of bytes, bytes of values."""
