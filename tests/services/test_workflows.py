"""The workflows that come with tk are what the forges' published schemas want, and their scripts do what they say."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.services.office import AGENT, Office
from tests.world import ROOT
from tk.store.repo import Repo, at
from tk.store.workflows import FORGES, installed_from, missing, texts

SOURCE = "git+https://example.org/tk.git@v1"

SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}


def check(schema: str, *files: Path) -> None:
    """Hold files to a published schema, which check-jsonschema brings along."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture
def repo(office: Office) -> Repo:
    return at(office.root.resolve())


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("prefix", ["", "mesa de ayuda/"])
def test_workflows_fit_their_schemas(repo: Repo, tmp_path: Path, forge: str, prefix: str) -> None:
    files = []
    for path, text in texts(repo._replace(prefix=prefix), forge, SOURCE).items():
        file = tmp_path / path.replace("/", "_")
        file.write_bytes(text)
        files.append(file)
        assert b"@DESK@" not in text
        assert b"@TK@" not in text
    check(SCHEMAS[forge], *files)
    told = b"".join(file.read_bytes() for file in files).decode()
    assert f'TK: "{SOURCE}"' in told
    assert f'"{prefix.rstrip("/") or "."}"' in told


def test_the_action_fits_its_schema() -> None:
    check("vendor.github-actions", ROOT / "action.yml")


def test_what_somebody_wrote_stays(repo: Repo) -> None:
    (repo.top / ".gitlab-ci.yml").write_text("include: []\n")
    assert list(missing(repo, "gitlab", SOURCE)) == [".gitlab/tk.yml"]


def scripts(document: Any) -> dict[str, str]:
    """Return the scripts of a workflow's steps by their names."""
    (job,) = document["jobs"].values()
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


def test_no_script_holds_words_of_a_pull_request() -> None:
    """What GitHub fills in before the shell reads a script could be a command of a stranger's."""
    for forge, files in FORGES.items():
        for source in files.values():
            document = yaml.safe_load((ROOT / "tk" / "ci" / source).read_text(encoding="utf-8"))
            if forge == "github":
                assert not [name for name, script in scripts(document).items() if "${{" in script]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert not [step for step in action["runs"]["steps"] if "${{" in step.get("run", "")]


class Runner:
    """What a runner of GitHub gives to a script, with a `tk` and a `gh` on the way."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.temp = folder
        self.summary = folder / "summary.md"
        self.said = folder / "gh"
        tools = folder / "bin"
        tools.mkdir()
        (tools / "tk").write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m tk "$@"\n')
        (tools / "gh").write_text(f'#!/bin/sh\necho "$@" >> "{self.said}"\n')
        for tool in tools.iterdir():
            tool.chmod(0o755)

    def __call__(self, script: str, **env: str) -> "subprocess.CompletedProcess[str]":
        """Run a script as the runner does."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.office.root,
            env={
                **os.environ,
                **self.office.environment(),
                "PATH": f"{self.temp / 'bin'}:{os.environ['PATH']}",
                "CI": "true",
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                "GITHUB_OUTPUT": str(self.temp / "output"),
                **env,
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def runner(office: Office, tmp_path: Path) -> Runner:
    folder = tmp_path / "runner"
    folder.mkdir()
    return Runner(office, folder)


def test_the_review_of_a_pull_request_passes_what_is_lawful_and_says_what_it_changes(
    office: Office, runner: Runner
) -> None:
    run = scripts(yaml.safe_load(texts(at(office.root.resolve()), "github", SOURCE)[".github/workflows/tk-review.yml"]))
    base = office.head()
    with office.by(AGENT):
        ticket = office.ok("new", "Monitor negro @everyone")
    env = {"BASE": base, "HEAD": office.head(), "NUMBER": "7"}
    for name in ("Check the files", "Audit the commits", "Say what it changes", "Comment"):
        done = runner(run[name], **env)
        assert done.returncode == 0, (name, done)
    comment = (runner.temp / "comment.md").read_text(encoding="utf-8")
    assert f"- `{ticket}` `Monitor negro @everyone`: opened by `Ana Ruiz`" in comment
    assert comment == runner.summary.read_text(encoding="utf-8")
    assert runner.said.read_text() == f"pr comment 7 --edit-last --body-file {runner.temp}/comment.md\n"


def test_the_review_fails_what_is_not(office: Office, runner: Runner) -> None:
    run = scripts(yaml.safe_load(texts(at(office.root.resolve()), "github", SOURCE)[".github/workflows/tk-review.yml"]))
    with office.by(AGENT):
        ticket = office.ok("new", "Monitor negro")
    base = office.head()
    office.replace(ticket, "Monitor negro", "Monitor gratis")
    with office.by(AGENT):
        office.commit()
    env = {"BASE": base, "HEAD": office.head()}
    done = runner(run["Audit the commits"], **env)
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=tickets/")
    assert runner(run["Say what it changes"], **env).returncode == 0
    assert "**1 error, " in (runner.temp / "comment.md").read_text(encoding="utf-8")


def test_a_comment_that_is_too_long_ends_after_a_line(office: Office, runner: Runner) -> None:
    run = scripts(yaml.safe_load(texts(at(office.root.resolve()), "github", SOURCE)[".github/workflows/tk-review.yml"]))
    base = office.head()
    for n in range(30):
        file = office.root / f"tickets/2026/08/12/TK-260812-000{n:02}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        title = "`@everyone" * 250
        file.write_text(
            f"---\nid: {file.stem}\ntitle: '{title}'\nstatus: open\ncreated: 2026-08-12T09:00:00-05:00\n---\n"
        )
    office.commit()
    runner(run["Say what it changes"], BASE=base, HEAD=office.head())
    comment = (runner.temp / "comment.md").read_bytes()
    assert 50_000 < len(comment) < 60_010
    assert comment.endswith(b"`\n- \xe2\x80\xa6\n")


def test_the_action_reviews(office: Office, runner: Runner) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    script = next(step["run"] for step in action["runs"]["steps"] if step.get("name") == "Review")
    base = office.head()
    with office.by(AGENT):
        ticket = office.ok("new", "Monitor negro")
    env = {"BASE": base, "STRICT": "true"}
    assert runner(script, **env, HEAD=office.head()).returncode == 0
    assert (runner.temp / "output").read_text() == f"changes={runner.temp}/tk-changes.md\n"
    office.replace(ticket, "Monitor negro", "Monitor gratis")
    with office.by(AGENT):
        office.commit()
    assert runner(script, **env, HEAD=office.head()).returncode == 1


RULE = """
[[sweep]]
name = "close-solved"
when = { status = "solved", idle = ">= 4d" }
advance = "closed"

[people]"""


@pytest.fixture
def due(office: Office, tmp_path: Path) -> str:
    """Return a ticket that a sweep closes, on a desk with a bare repository for a remote."""
    office.policy("[people]", RULE)
    office.commit("tk.toml")
    with office.by(AGENT):
        ticket = office.ok("new", "Monitor negro")
        office.ok("advance", ticket, "solved")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(tmp_path / "origin")], check=True)
    office.git("remote", "add", "origin", str(tmp_path / "origin"))
    office.git("push", "-q", "origin", "main")
    office.wait(6 * 24 * 60)
    return ticket


def sweeps(office: Office) -> dict[str, str]:
    return scripts(yaml.safe_load(texts(at(office.root.resolve()), "github", SOURCE)[".github/workflows/tk-sweep.yml"]))


def test_a_sweep_is_pushed_though_others_were_faster(office: Office, runner: Runner, due: str, tmp_path: Path) -> None:
    other = office.clone(tmp_path / "other")
    subprocess.run(["git", "-C", str(other.root), "remote", "set-url", "origin", str(tmp_path / "origin")], check=True)
    with other.by(AGENT):
        other.ok("new", "Otro")
        other.git("push", "-q", "origin", "main")
    office.now = other.now
    done = runner(sweeps(office)["Sweep and push"], BRANCH="main")
    assert done.returncode == 0, done
    office.git("fetch", "-q", "origin")
    assert office.git("log", "--format=%ae", "origin/main").splitlines()[1] == AGENT
    assert "status: closed" in office.git("show", f"origin/main:{office.file(due).relative_to(office.root)}")
    head = office.git("rev-parse", "origin/main")
    assert runner(sweeps(office)["Sweep and push"], BRANCH="main").returncode == 0
    assert office.git("ls-remote", "origin", "main").split()[0] == head


def test_a_sweep_opens_a_pull_request_that_says_what_it_does(office: Office, runner: Runner, due: str) -> None:
    script = sweeps(office)["Sweep and open a pull request"]
    done = runner(script, BRANCH="main")
    assert done.returncode == 0, done
    assert runner.said.read_text().startswith("pr create --base main --head tk-sweep --title tk sweep --body-file ")
    body = (runner.temp / "body.md").read_text(encoding="utf-8")
    assert f"- `{due}` `Monitor negro`: `Solved` → `Closed`" in body
    assert office.git("ls-remote", "origin", "tk-sweep")
    runner.said.unlink()
    assert runner(script, BRANCH="main").returncode == 0
    assert not runner.said.exists()


def test_the_scripts_for_gitlab_are_shell(office: Office) -> None:
    jobs = yaml.safe_load(texts(at(office.root.resolve()), "gitlab", SOURCE)[".gitlab/tk.yml"])
    lines = [line for job in jobs.values() for key in ("script", "after_script") for line in job.get(key, ())]
    for line in lines:
        assert subprocess.run(["sh", "-n", "-c", line], check=False).returncode == 0, line


def test_gitlab_writes_what_a_merge_request_changes(office: Office, runner: Runner) -> None:
    jobs = yaml.safe_load(texts(at(office.root.resolve()), "gitlab", SOURCE)[".gitlab/tk.yml"])
    base = office.head()
    with office.by(AGENT):
        ticket = office.ok("new", "Monitor negro")
    env = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": office.head(), "TK_DESK": "."}
    env |= {"CI_PROJECT_DIR": str(runner.temp), "TK_TOKEN": ""}
    assert runner("\n".join(jobs["tk-audit"]["script"]), **env).returncode == 0
    (script,) = jobs["tk-audit"]["after_script"]
    assert runner(script, **env).returncode == 0
    assert f"- `{ticket}` `Monitor negro`: opened by" in (runner.temp / "tk-review.md").read_text(encoding="utf-8")
    assert "<testsuites" in (runner.temp / "tk-audit.xml").read_text(encoding="utf-8")


def test_gitlab_pushes_what_a_sweep_did(office: Office, runner: Runner, due: str) -> None:
    jobs = yaml.safe_load(texts(at(office.root.resolve()), "gitlab", SOURCE)[".gitlab/tk.yml"])
    (script,) = jobs["tk-sweep"]["script"]
    script = "\n".join(line for line in script.splitlines() if "set-url" not in line)
    env = {"CI_DEFAULT_BRANCH": "main", "TK_SWEEP": "push", "TK_TOKEN": "x"}
    done = runner(script, **env)
    assert done.returncode == 0, done
    assert office.git("ls-remote", "origin", "main").split()[0] == office.head()
    assert "status: closed" in office.file(due).read_text(encoding="utf-8")


@pytest.mark.parametrize("forge", FORGES)
def test_without_a_place_to_find_tk_at_a_workflow_says_so_and_installs_nothing(
    office: Office, runner: Runner, forge: str
) -> None:
    files = texts(at(office.root.resolve()), forge, "")
    document = yaml.safe_load(next(iter(files.values())))
    script = scripts(document)["Install tk"] if forge == "github" else document[".tk"]["before_script"][0]
    done = runner(script, TK="")
    assert done.returncode != 0
    assert "where pip finds tk" in done.stderr


@pytest.mark.parametrize(
    ("told", "source"),
    [
        (
            {"url": "https://example.org/tk.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}},
            "git+https://example.org/tk.git@c0ffee",
        ),
        ({"url": "https://example.org/tk.whl", "archive_info": {}}, "https://example.org/tk.whl"),
        (
            {"url": "https://e.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "1"}, "subdirectory": "a"},
            "git+https://e.org/x.git@1#subdirectory=a",
        ),
        ({"url": "file:///home/me/tk", "dir_info": {"editable": True}}, None),
        ({}, None),
    ],
)
def test_where_this_tk_came_from_is_what_pip_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, object], source: str | None
) -> None:
    folder = tmp_path / "tk_desk-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: tk-desk\nVersion: 1\n")
    (folder / "direct_url.json").write_text(json.dumps(told))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert installed_from() == source
