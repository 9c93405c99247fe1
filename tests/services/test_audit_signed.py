"""On a signed desk a commit counts as its author's where git finds a signature by a key that tk.toml lists for them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.office import AGENT, BOSS, OTHER, STRANGER, Office
from tk.services.audit import Audit
from tk.services.seal import seal


def ssh_key(folder: Path, name: str) -> Path:
    """Make a key that signs, and return where its private half lies."""
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key], check=True)
    return key


class Signed(Office):
    """An office whose people sign with keys of SSH."""

    keys: dict[str, Path]

    def signing(self, who: str | None) -> None:
        """Let git sign with somebody's key from now on, with none where None is given."""
        self.git("config", "gpg.format", "ssh")
        self.git("config", "commit.gpgSign", "false" if who is None else "true")
        if who is not None:
            self.git("config", "user.signingKey", str(self.keys[who]))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make a key for each person, and one for a stranger."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("there is no ssh-keygen here")
    folder = tmp_path_factory.mktemp("keys")
    return {who: ssh_key(folder, who) for who in (BOSS, AGENT, OTHER, STRANGER)}


def listed(key: Path) -> str:
    return key.with_suffix(key.suffix + ".pub").read_text(encoding="utf-8").strip()


@pytest.fixture
def office(office: Office, keys: dict[str, Path]) -> Signed:
    """Return an office that wants every change signed, with keys of María and Ana, and a ticket-less history."""
    here = Signed(office.root, office.now)
    here.keys = keys
    here.policy("[desk]", "[desk]\nsigned = true")
    here.policy(f'email = "{AGENT}"', f'email = "{AGENT}", signing-keys = "{listed(keys[AGENT])}"')
    here.policy(f'email = "{BOSS}"', f'email = "{BOSS}", signing-keys = ["{listed(keys[BOSS])}"]')
    here.commit("tk.toml")
    return here


def codes(found: Audit) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.verdict) for finding in found.findings]


def test_what_its_author_signed_is_lawful(office: Signed) -> None:
    base = office.head()
    office.signing(AGENT)
    with office.by(AGENT):
        office.ok("log", office.ok("new", "Monitor negro"), "note", "-m", "Hola.")
    assert office.audit(f"{base}..") == Audit(2, 0, ())


def test_what_nobody_signed_is_refused(office: Signed) -> None:
    base = office.head()
    office.signing(None)
    with office.by(AGENT):
        office.ok("new", "Monitor negro")
    assert codes(office.audit(f"{base}..")) == [("unsigned", "refused")]


@pytest.mark.parametrize("who", [STRANGER, BOSS])
def test_what_somebody_else_signed_is_refused(office: Signed, who: str) -> None:
    """Whoever has no key of Ana's, and be it the supervisor, cannot act in her name."""
    base = office.head()
    office.signing(who)
    with office.by(AGENT):
        office.ok("new", "Monitor negro")
    (finding,) = office.audit(f"{base}..").findings
    assert (finding.code, finding.verdict) == ("wrong-signer", "refused")
    assert "for ana" in str(finding.message)


def test_who_has_no_key_proves_nothing(office: Signed) -> None:
    base = office.head()
    office.signing(OTHER)
    with office.by(OTHER):
        office.ok("new", "Monitor negro")
    with office.by(STRANGER):
        office.ok("new", "Otro")
    assert codes(office.audit(f"{base}..")) == [("wrong-signer", "refused")] * 2


def test_a_signature_of_other_contents_is_refused(office: Signed) -> None:
    base = office.head()
    office.signing(AGENT)
    with office.by(AGENT):
        office.ok("new", "Monitor negro")
    raw = office.git("cat-file", "commit", "HEAD") + "\n"
    (office.root / "raw").write_text(raw.replace("Tk-Action: new", "Tk-Action: old"), encoding="utf-8")
    forged = office.git("hash-object", "-t", "commit", "-w", "raw")
    assert codes(office.audit(f"{base}..{forged}")) == [("bad-signature", "refused")]


def test_no_commit_lists_its_own_key(office: Signed) -> None:
    base = office.head()
    office.signing(OTHER)
    office.policy(f'email = "{OTHER}"', f'email = "{OTHER}", signing-keys = "{listed(office.keys[OTHER])}"')
    with office.by(OTHER):
        office.commit("tk.toml")
        office.ok("new", "Monitor negro")
    assert codes(office.audit(f"{base}..")) == [
        ("wrong-signer", "refused"),
        ("not-allowed", "refused"),
        ("wrong-signer", "refused"),
    ]


def test_a_policy_in_a_name_that_nothing_proves_comes_not_into_force(office: Signed) -> None:
    """Raúl writes a commit in María's name that gives agents every right, and then uses it."""
    with office.by(AGENT):
        office.signing(AGENT)
        ticket = office.ok("new", "Monitor negro")
    base = office.head()
    office.signing(None)
    office.policy('"set.priority"', '"set.priority", "set.title"')
    office.commit("tk.toml")
    office.signing(AGENT)
    with office.by(AGENT):
        office.ok("set", ticket, "title=Gratis")
    assert codes(office.audit(f"{base}..")) == [("unsigned", "refused"), ("not-allowed", "refused")]


def test_a_key_listed_by_who_may_counts_from_then_on(office: Signed) -> None:
    base = office.head()
    office.signing(BOSS)
    office.policy(f'email = "{OTHER}"', f'email = "{OTHER}", signing-keys = "{listed(office.keys[OTHER])}"')
    office.commit("tk.toml")
    office.signing(OTHER)
    with office.by(OTHER):
        office.ok("new", "Monitor negro")
    assert office.audit(f"{base}..") == Audit(2, 0, ())


def test_commits_of_nothing_on_the_desk_need_no_signature(office: Signed) -> None:
    base = office.head()
    office.signing(AGENT)
    with office.by(AGENT):
        office.git("checkout", "-q", "-b", "side")
        office.ok("new", "Uno")
    office.signing(None)
    office.git("checkout", "-q", "main")
    (office.root / "README.md").write_text("Hola\n")
    with office.by(STRANGER):
        office.commit("README.md")
        office.git("merge", "-q", "--no-edit", "side")
    assert office.audit(f"{base}..").findings == ()


def test_an_importer_signs_for_those_who_have_no_key_here(office: Signed) -> None:
    office.policy('roles = ["supervisor", "agent"]', 'roles = ["supervisor", "agent", "importer"]')
    office.signing(BOSS)
    base = office.commit("tk.toml")
    for who, verdicts in ((OTHER, []), (AGENT, [("wrong-signer", "refused")])):
        with office.by(who):
            office.ok("new", "Otro", "--no-commit")
            env = {**os.environ, **office.environment(), "GIT_COMMITTER_EMAIL": BOSS}
        office.git("add", "-A")
        subprocess.run(["git", "commit", "-qm", "import"], cwd=office.root, env=env, check=True)
        found = [finding for finding in office.audit(f"{base}..").findings if finding.severity != "note"]
        assert [(finding.code, finding.verdict) for finding in found] == verdicts
        base = office.head()


def test_the_users_own_list_of_signers_changes_nothing(office: Signed, tmp_path: Path) -> None:
    base = office.head()
    (tmp_path / "signers").write_text(f"{AGENT} {listed(office.keys[STRANGER])}\n")
    office.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers"))
    office.signing(STRANGER)
    with office.by(AGENT):
        office.ok("new", "Monitor negro")
    assert codes(office.audit(f"{base}..")) == [("wrong-signer", "refused")]


def test_a_seal_counts_only_where_its_tagger_signed_it(office: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    base = office.head()
    office.signing(None)
    with office.by(AGENT):
        office.ok("new", "Monitor negro")
    for name, value in office.environment().items():
        monkeypatch.setenv(name, value)
    office.signing(BOSS)
    name = seal(office.opened(), f"{base}..HEAD")
    assert office.audit(f"{base}..").findings == ()
    office.git("tag", "-f", "-a", "--no-sign", "-m", "Sealed", name, name + "^{}")
    assert codes(office.audit(f"{base}..")) == [("unsigned", "refused")]


# OpenPGP


@pytest.fixture
def pgp(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make a key of OpenPGP in a keyring of its own, and return its fingerprint."""
    if shutil.which("gpg") is None:
        pytest.skip("there is no gpg here")
    home = tmp_path_factory.mktemp("g")
    home.chmod(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    make = [
        "gpg",
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-generate-key",
        f"Ana <{AGENT}>",
        "ed25519",
        "sign",
    ]
    subprocess.run(make, check=True, capture_output=True)
    told = subprocess.run(["gpg", "--list-keys", "--with-colons"], check=True, capture_output=True, encoding="utf-8")
    yield next(line.split(":")[9] for line in told.stdout.splitlines() if line.startswith("fpr:"))
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=True)


def test_a_key_of_openpgp_is_listed_by_its_fingerprint(
    office: Signed, pgp: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office.signing(BOSS)
    office.policy(listed(office.keys[AGENT]), pgp)
    base = office.commit("tk.toml")
    office.git("config", "gpg.format", "openpgp")
    office.git("config", "user.signingKey", pgp)
    with office.by(AGENT):
        office.ok("new", "Monitor negro")
    assert office.audit(f"{base}..") == Audit(1, 0, ())
    with office.by(BOSS):
        office.ok("new", "Otro")
    assert codes(office.audit("HEAD~1..")) == [("wrong-signer", "refused")]
    (tmp_path / "empty").mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(tmp_path / "empty"))
    assert codes(office.audit(f"{base}..HEAD~1")) == [("unknown-signature", "unverifiable")]
