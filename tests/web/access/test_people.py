"""Users: their rules, their file and `sayso user`."""

from __future__ import annotations

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sayso.cli.user import command
from sayso.errors import AccessError
from sayso.web.access.people import People, people_path
from sayso.web.access.rows import By
from tests.web.access.office import (
    BY,
    LOCAL,
    PASSWORD,
    client,
    code,
)

# -- users --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", "a" * 65, "a/b", "<b>", "a\n", "x\u202ey", "\ud800"])
def test_names_that_cannot_be(empty: People, name: str) -> None:
    if name.strip() == "a":
        empty.add_user(name, PASSWORD, "admin", BY)
        assert [u.name for u in empty.users()] == ["a"]
        return
    with pytest.raises(AccessError, match="cannot be a user’s name"):
        empty.add_user(name, PASSWORD, "admin", BY)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 1025, "Bartholomew.Smith", "ｂartholomew.smith"])
def test_passwords_that_cannot_be(empty: People, password: str) -> None:
    with pytest.raises(AccessError, match="the password must"):
        empty.add_user("bartholomew.smith", password, "admin", BY)
    assert not empty.any_users() and not empty.path.exists()


def test_an_admin_remains(people: People) -> None:
    people.disable("admin", BY)
    for change in (lambda: people.disable("boss", BY), lambda: people.set_role("boss", "reviewer", BY)):
        with pytest.raises(AccessError, match="only admin"):
            change()
    assert people.log_in("boss", PASSWORD)
    people.enable("admin", BY)
    people.disable("boss", BY)
    assert people.log_in("boss", PASSWORD) is None


def test_two_admins_cannot_demote_each_other(people: People) -> None:
    def demote(name: str) -> bool:
        try:
            people.set_role(name, "reader", BY)
        except AccessError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, ["boss", "admin"])) == [False, True]
    assert [u.role for u in people.users()].count("admin") == 1


def test_the_first_user_is_an_admin(empty: People) -> None:
    with pytest.raises(AccessError, match="first user must be an admin"):
        empty.add_user("ann", PASSWORD, "reader", BY)
    assert not empty.any_users()


def test_what_cannot_be_asked_of_users(people: People) -> None:
    with pytest.raises(AccessError, match="already"):
        people.add_user("READER", PASSWORD, "reader", BY)
    with pytest.raises(AccessError, match="no user “nobody”"):
        people.set_role("nobody", "reader", BY)
    with pytest.raises(AccessError, match="no role"):
        people.set_role("reader", "root", BY)
    assert people.knows_password("reader", PASSWORD) and not people.knows_password("reader", "x")
    assert not people.knows_password("nobody", PASSWORD)


def test_every_change_is_in_the_audit_log_which_stays(people: People) -> None:
    people.set_role("reader", "reviewer", By("boss", "10.0.0.1"))
    people.audit("boss", "brought in a report", "a.txt", "10.0.0.1")
    newest = people.trail(2)
    assert [(e.person, e.action, e.subject, e.address) for e in newest] == [
        ("boss", "brought in a report", "a.txt", "10.0.0.1"),
        ("boss", "changed role to reviewer", "reader", "10.0.0.1"),
    ]
    older = people.trail(100, before=newest[-1].id)
    assert [e.subject for e in older] == ["admin", "reviewer", "reader", "boss"]
    assert len(people.trail(100, before=10**30)) == 6
    with sqlite3.connect(people.path) as raw:
        for statement in ("DELETE FROM audit", "UPDATE audit SET person = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(statement)


def test_a_refused_change_is_not_in_the_log(people: People) -> None:
    people.disable("admin", BY)
    before = people.trail()
    with pytest.raises(AccessError):
        people.disable("boss", BY)
    assert people.trail() == before


def test_searches_are_each_person_s_own(empty: People) -> None:
    assert empty.searches("ann", "claims") == []
    first = empty.save_search("ann", "claims", " my  search ", "q=x")
    again = empty.save_search("ann", "claims", "my search", "q=y")
    assert (again.id, again.name, again.query) == (first.id, "my search", "q=y")
    other = empty.save_search("bob", "claims", "my search", "q=z")
    empty.save_search("ann", "events", "my search", "q=z")
    assert [s.query for s in empty.searches("ann", "claims")] == ["q=y"] and len(empty.searches("ann")) == 2
    assert not empty.drop_search("ann", other.id) and not empty.drop_search("ann", 10**30)
    assert empty.drop_search("ann", again.id) and empty.searches("ann", "claims") == []
    for name, query in (("", "q"), ("x" * 101, "q"), ("x", "q" * 9000)):
        with pytest.raises(AccessError):
            empty.save_search("ann", "claims", name, query)


# -- the file -----------------------------------------------------------------------------------------------------------


def test_the_file_lies_beside_the_ledger(tmp_path: Path) -> None:
    assert people_path(tmp_path / "sayso.db") == tmp_path / "sayso.people.db"
    assert people_path("raid") == Path("raid.people.db")


def test_asking_makes_no_file(empty: People) -> None:
    assert not empty.any_users() and not empty.users() and not empty.trail() and not empty.tokens()
    assert empty.session("x") is None and empty.by_token("sayso_x") is None
    assert not empty.path.exists()


def test_many_make_the_file_at_once(tmp_path: Path) -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # threads are parted between any two questions to the file
    try:
        for turn in range(10):
            path = tmp_path / f"{turn}.people.db"
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda i, path=path: People(path).audit(f"p{i}", "came"), range(8)))
            assert len(People(path).trail()) == 8
    finally:
        sys.setswitchinterval(usual)


def test_what_was_written_is_there_when_opened_again(people: People) -> None:
    session = people.log_in("reader", PASSWORD)
    again = People(people.path, people._clock)
    assert session and again.any_users() and again.session(session.token)


def test_files_that_are_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "sayso.people.db"
    path.write_bytes(b"these are not the users you look for" * 100)
    with pytest.raises(AccessError, match="go back to a copy"):
        People(path)
    path.unlink()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE users (x)")
    with pytest.raises(AccessError, match="not a file of Sayso’s users"):
        People(path)


def test_a_newer_or_gutted_file_is_told(people: People) -> None:
    people.close()
    with sqlite3.connect(people.path) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(AccessError, match="newer Sayso"):
        People(people.path)
    with sqlite3.connect(people.path) as raw:
        raw.execute("PRAGMA user_version = 1")
        raw.execute("DROP TABLE tokens")
    with pytest.raises(AccessError, match="no table tokens"):
        People(people.path)


def test_damage_locks_everybody_out(people: People) -> None:
    """Never the other way: a file that cannot be read must not look like one without users."""
    people.close()
    data = bytearray(people.path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    people.path.write_bytes(data)
    damaged = People(people.path)
    with pytest.raises(AccessError, match="go back to a copy"):
        damaged.any_users()
    desk = client(damaged, LOCAL, local=True)
    answer = desk.get("/api/me")
    assert answer.status_code == 503 and code(answer) == "users_unreadable" and str(people.path) not in answer.text


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="does not exist"):
        People(tmp_path / "no" / "x.people.db").audit("x", "y")


# -- the command --------------------------------------------------------------------------------------------------------


def user(ledger: Path, *arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(command, [*arguments, "--ledger", str(ledger)], input=answers)


def test_users_by_command(tmp_path: Path) -> None:
    ledger = tmp_path / "raid.db"
    assert "sayso user add" in user(ledger, "list").output
    done = user(ledger, "add", "ann", "--role", "admin", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0 and "raid.people.db" in done.output and PASSWORD not in done.output
    assert user(ledger, "add", "bob", "--role", "reader", "--password-stdin", answers=f"{PASSWORD}\n").exit_code == 0
    assert user(ledger, "role", "bob", "reviewer").exit_code == 0
    assert user(ledger, "password", "bob", "--password-stdin", answers="another of these\n").exit_code == 0
    people = People(people_path(ledger))
    assert people.log_in("bob", "another of these") and not people.log_in("bob", PASSWORD)
    assert user(ledger, "disable", "bob").exit_code == 0
    lines = user(ledger, "list").output.splitlines()
    assert lines[0].split()[:2] == ["ann", "admin"] and "disabled since" in lines[1]
    assert user(ledger, "enable", "bob").exit_code == 0 and people.log_in("bob", "another of these")
    log = user(ledger, "log").output
    assert "added user as admin · ann  [command line]" in log and "disabled user · bob" in log and PASSWORD not in log


def test_tokens_by_command(tmp_path: Path) -> None:
    ledger = tmp_path / "raid.db"
    user(ledger, "add", "ann", "--role", "admin", "--password-stdin", answers=PASSWORD)
    done = user(ledger, "token", "ann", "--name", "nightly", "--role", "reader")
    plain = done.stdout.strip()
    assert plain.startswith("sayso_") and "not shown again" in done.stderr
    people = People(people_path(ledger))
    found = people.by_token(plain)
    assert found and (found.name, found.role) == ("ann", "reader")
    listed = user(ledger, "tokens", "ann").output
    assert "nightly" in listed and plain[-4:] in listed and plain not in listed
    assert user(ledger, "revoke", "1").exit_code == 0 and people.by_token(plain) is None
    assert "revoked" in user(ledger, "tokens").output


def test_wrong_use_of_the_command(tmp_path: Path) -> None:
    ledger = tmp_path / "raid.db"
    assert user(ledger, "add", "ann", "--role", "root").exit_code == 2
    done = user(ledger, "add", "ann", "--role", "admin", answers=f"{PASSWORD}\nsomething else\n")
    assert done.exit_code != 0 and not people_path(ledger).exists()
    for arguments, answers in (
        (("add", "ann", "--role", "admin", "--password-stdin"), "short\n"),
        (("disable", "ann"), ""),
        (("revoke", "7"), ""),
    ):
        done = user(ledger, *arguments, answers=answers)
        assert done.exit_code == 1 and isinstance(done.exception, AccessError)
