"""A bag is the one zip archive that it can be: every flipped bit, cut and addition is found; hostile archives are refused."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import bagit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import DataError
from sayso.evidence.bag import Sealed, listed, listing, write_bag
from sayso.evidence.verify import intact, verify

FILES = {"a.txt": b"The army denied it.\n", "b/Ж 25.txt": b"\x00\xff" * 7, "empty": b""}


def bag(files: dict[str, bytes] = FILES) -> tuple[bytes, Sealed]:
    out = io.BytesIO()
    sealed = write_bag(
        out, "bag", ((n, [d[:5], d[5:]]) for n, d in files.items()), [("Contact-Name", "Ines\nBagging-Date: x")]
    )
    return out.getvalue(), sealed


def found(data: bytes) -> list[str]:
    return [f.status for f in intact(io.BytesIO(data)) if f.bad]


def test_an_untouched_bag_holds_and_other_tools_agree(tmp_path: Path) -> None:
    data, sealed = bag()
    assert [f.status for f in intact(io.BytesIO(data))] == ["holds", "holds"]
    assert (sealed.files, sealed.size) == (3, len(data)) and bag()[0] == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    other = bagit.Bag(str(tmp_path / "bag"))
    assert other.validate() and other.info["Contact-Name"] == "Ines Bagging-Date: x"
    assert {k.removeprefix("data/") for k in other.payload_entries()} == set(FILES)


def test_every_flipped_bit_is_found() -> None:
    data, _ = bag({"a.txt": b"It was denied.", "b": b"x"})
    for place in range(len(data)):
        for bit in range(8):
            other = bytearray(data)
            other[place] ^= 1 << bit
            assert found(bytes(other)), f"bit {bit} of byte {place}"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_cuts_additions_and_moves_are_found(draw: st.DataObject) -> None:
    data, _ = bag()
    place = draw.draw(st.integers(0, len(data)))
    more = draw.draw(st.binary(min_size=1, max_size=40))
    cut = draw.draw(st.integers(1, 60))
    assert found(data[:place] + more + data[place:])
    if data[:place] + data[place + cut :] != data:
        assert found(data[:place] + data[place + cut :])
    assert found(data + data)


def test_what_was_altered_is_named_with_what_was_expected_and_found() -> None:
    data, _ = bag()
    told = [f.text for f in intact(io.BytesIO(data.replace(b"The army", b"The Army")))]
    assert any(t.startswith("data/a.txt: manifest-sha256.txt gives SHA-256 ") for t in told)
    assert any("2 files of 3 have the SHA-256" in t for t in told)
    told = [f.text for f in intact(io.BytesIO(data + b"!"))]
    assert any("1 bytes were put in or behind its end" in t for t in told)


def repacked(data: bytes, **change: bytes | None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name.removeprefix("bag/data/") not in change:
                new.writestr(name, old.read(name))
        for name, body in change.items():
            if body is not None:
                new.writestr(f"bag/data/{name}", body)
    return out.getvalue()


def test_a_bag_packed_anew_says_that_and_that_its_files_hold() -> None:
    told = intact(io.BytesIO(repacked(bag()[0])))
    assert told[0].bad and "packed anew" in told[0].text
    assert told[-1].status == "holds" and "all 3 files" in told[-1].text


def test_missing_and_added_files_are_told_apart() -> None:
    told = {(f.status, f.text) for f in intact(io.BytesIO(repacked(bag()[0], empty=None, new=b"!")))}
    assert ("missing", "data/empty, which manifest-sha256.txt lists") in told
    assert ("added", "data/new, which manifest-sha256.txt does not list") in told


@pytest.mark.parametrize("name", ["../x", "bag/../../x", "/etc/x", "bag\\..\\x", "C:/x", "other/x", "x"])
def test_names_that_lead_out_are_told(name: str) -> None:
    data, _ = bag()
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, b"x")
    assert "altered" in found(out.getvalue())


def test_a_link_and_two_files_of_one_name_are_told() -> None:
    link = zipfile.ZipInfo("bag/data/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    for info in (link, zipfile.ZipInfo("bag/data/a.txt")):
        out = io.BytesIO(bag()[0])
        with zipfile.ZipFile(out, "a") as archive, pytest.warns() if "a.txt" in info.filename else _nothing():
            archive.writestr(info, b"/etc/passwd")
        assert found(out.getvalue())


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(repacked(bag()[0], zeros=b"\0" * 20_000_000))
    assert any(f.bad and "bomb" in f.text for f in verify(path))


def test_what_is_no_zip_is_a_finding(tmp_path: Path) -> None:
    for data in (b"", b"PK", b"x" * 1000, b"PK\x05\x06" + b"\xff" * 18):
        (tmp_path / "x.zip").write_bytes(data)
        assert any(f.bad for f in verify(tmp_path / "x.zip"))


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.just("0" * 64)))
def test_manifests_come_back_whatever_the_names(names: dict[str, str]) -> None:
    names = {n: h for n, h in names.items() if not n[0].isspace()}
    assert listed(listing(names.items()), "manifest") == names


@pytest.mark.parametrize(
    "text", [b"x", b"\n", b"0" * 64 + b" a\n", b"0" * 64 + b"  b\n" + b"0" * 64 + b"  a\n", b"\xff\n"]
)
def test_manifests_otherwise_written_are_refused(text: bytes) -> None:
    with pytest.raises(DataError):
        listed(text, "manifest")
