"""A process that has read a policy ends as it should."""

import subprocess
import sys

READ = """
from pathlib import Path
import tk
from tk.core.written.file import schema
from tk.core.written.reader import read
assert read((Path(tk.__file__).parent / "presets/simple/tk.toml").read_text()).policy
assert schema()
"""


def test_no_process_that_read_a_policy_dies_at_its_end() -> None:
    """Without care one in four did: see the note on msgspec in tk.core.written.file."""
    ended = [subprocess.run([sys.executable, "-c", READ], check=False).returncode for _ in range(16)]
    assert ended == [0] * 16
