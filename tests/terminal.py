"""A terminal to run tk in: what a person sees there, and the keys they press."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pexpect

from tests.world import ROOT, Desk


def spawn(
    desk: Desk,
    *argv: str,
    width: int = 80,
    height: int = 24,
    program: str = sys.executable,
    env: Mapping[str, str] = {},
    **more: str,
) -> "pexpect.spawn[str]":
    """Start `tk` with these arguments (or another program) in a terminal, in the desk's folder."""
    words = ["-m", "tk", *argv] if program == sys.executable else list(argv)
    return pexpect.spawn(
        program,
        words,
        cwd=str(desk.root),
        env={**os.environ, "PYTHONPATH": str(ROOT), "TK_NOW": desk.now, **env, **more},
        dimensions=(height, width),
        encoding="utf-8",
        timeout=30,
    )


def seen(child: "pexpect.spawn[str]") -> tuple[int, str]:
    """Wait for the program to end; return its exit status and all that the terminal showed."""
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus if child.exitstatus is not None else -1, (child.before or "").replace("\r\n", "\n")


def script(folder: Path, name: str, text: str) -> str:
    """Write a program for the shell that does `text`, and return its path."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)
