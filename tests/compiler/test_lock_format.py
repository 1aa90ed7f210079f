"""The lock's text survives merges by git, conflict marks and cuts; what is damaged is told and kept."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.format import FORMAT, Entry, encode, parse, render
from aibasic_kernel.compiler.shapes import Shape
from aibasic_kernel.compiler.traces.trace import Call, Trace
from aibasic_kernel.errors import LockError

BUSY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the text."""

TEXT = st.text(max_size=30) | st.sampled_from(["", " x ", "a\r\nb", "\u2028", "=======", "[entry.0]", "é ü", "\udc80"])
KINDS = st.dictionaries(TEXT, TEXT, max_size=2)
TRACES = st.builds(
    Trace,
    names=st.dictionaries(TEXT, st.builds(Shape, TEXT, KINDS, st.booleans()), max_size=2),
    absent=st.lists(TEXT, max_size=2).map(tuple),
    it=st.none() | st.text(min_size=1, max_size=5),
    tables=st.dictionaries(TEXT, st.dictionaries(TEXT, KINDS, max_size=2), max_size=2),
    calls=st.lists(
        st.builds(Call, TEXT, TEXT, TEXT, st.integers(0, 9), st.lists(TEXT, max_size=2).map(tuple)), max_size=2
    ).map(tuple),
)
COMPILATIONS = st.builds(
    Compilation,
    sentence=TEXT,
    section=TEXT,
    python=st.lists(TEXT, max_size=6).map("\n".join),
    result=TEXT,
    origin=st.tuples(st.sampled_from(["phrase", "model"]), TEXT),
    trace=TRACES,
)


def compilation(sentence: str, python: str = "x = 1\n\nprint(x)") -> Compilation:
    return Compilation(sentence, "df", python, "x", ("model", "some-model"), Trace({"df": Shape("frame")}))


def body(entry: Entry) -> str:
    """The entry's part of a lock."""
    return render([entry]).partition("\n\n")[2]


def sentences(text: str) -> set[str]:
    return {entry.compilation.sentence for entry in parse(text).entries.values()}


def test_an_entry_reads_like_what_it_is() -> None:
    text = render([encode(compilation("sort it", "df = df.sort_values('age')\n\ndf"))])
    head, blank, entry, *lines = text.splitlines()
    short = entry.removeprefix("[entry.").removesuffix("]")
    assert head.startswith(f"# aibasic.lock, format {FORMAT}")
    assert blank == ""
    assert lines == [
        f'{short}   1 say "sort it"',
        f'{short}   2 section "df"',
        f'{short}   3 by ["model", "some-model"]',
        f'{short}   4 result "x"',
        f'{short}   5 names {{"df": "frame"}}',
        f"{short}   6 | df = df.sort_values('age')",
        f"{short}   7 |",
        f"{short}   8 | df",
    ]


@BUSY
@given(st.lists(COMPILATIONS, max_size=4))
def test_what_is_written_is_read(compilations: list[Compilation]) -> None:
    entries = {entry.digest: entry for entry in map(encode, compilations)}
    text = render(entries.values())
    assert dict(parse(text).entries) == entries
    assert parse(text).broken == ()
    assert parse(text.replace("\n", "\r\n")).entries == entries


@BUSY
@given(st.lists(COMPILATIONS, min_size=1, max_size=4), st.data())
def test_a_cut_leaves_all_whole_entries(compilations: list[Compilation], data: st.DataObject) -> None:
    entries = [encode(each) for each in compilations]
    written = render(entries).encode("utf-8", "surrogateescape")
    at = data.draw(st.integers(0, len(written)))
    cut = parse(written[:at].decode("utf-8", "surrogateescape"))
    for entry in entries:
        own = body(entry).rstrip("\n").encode()
        assert (entry.digest in cut.entries) == (at >= written.index(own) + len(own))


@BUSY
@given(st.lists(COMPILATIONS, min_size=1, max_size=3), st.data())
def test_one_character_of_an_entry_changed_takes_only_that_entry_away(
    compilations: list[Compilation], data: st.DataObject
) -> None:
    entries = {entry.digest: entry for entry in map(encode, compilations)}
    text = render(entries.values())
    at = data.draw(st.integers(text.index("\n\n") + 2, len(text) - 1))
    changed = parse(text[:at] + "\x00" + text[at + 1 :])
    assert len(changed.entries) >= len(entries) - 2
    assert all(entries[digest] == entry for digest, entry in changed.entries.items())


@given(st.text())
def test_any_text_is_read_without_an_error_of_another_kind(text: str) -> None:
    try:
        parse(text)
    except LockError:
        assert "format" in text


def test_a_damaged_entry_is_told_with_its_place_and_kept_as_it_stands() -> None:
    text = render([encode(compilation("one")), encode(compilation("two"))])
    damaged = text.replace("print(x)", "print(y)", 1)
    read = parse(damaged)
    assert len(read.entries) == 1
    (broken,) = read.broken
    assert "at line 3: it is not whole, or was edited" in broken.reason
    assert "print(y)" in broken.text
    assert broken.edited is not None
    assert broken.edited.compilation.python == "x = 1\n\nprint(y)"
    assert parse(render(read.entries.values(), read.broken)).broken[0].text == broken.text


def test_of_an_entry_that_lacks_lines_or_has_two_for_one_nothing_is_made() -> None:
    text = render([encode(compilation("one"))])
    lines = text.splitlines()
    without = "\n".join(line for line in lines if "x = 1" not in line)
    doubled = "\n".join([*lines, lines[-1].replace("print(x)", "print(y)")])
    headless = text.replace("[entry.", "#[entry.").replace("print(x)", "print(y)")
    for damaged in (without, doubled.replace("x = 1", "x = 2"), headless):
        assert [part.edited for part in parse(damaged).broken if "say" in part.text] == [None]


def test_a_newer_format_is_refused_with_what_helps() -> None:
    with pytest.raises(LockError, match="upgrade"):
        parse(render([]).replace(f"format {FORMAT}", f"format {FORMAT + 1}"))


def test_conflict_marks_are_read_as_both_sides() -> None:
    ours, theirs = (body(encode(compilation(name))) for name in ("ours", "theirs"))
    text = f"{render([])}<<<<<<< HEAD\n{ours}||||||| 1234\n=======\n{theirs}>>>>>>> branch\n"
    assert sentences(text) == {"ours", "theirs"}
    assert parse(text).broken == ()


# A true merge


def git(folder: Path, *arguments: str) -> None:
    options = ("user.name=a", "user.email=a@b", "init.defaultBranch=main", "commit.gpgsign=false")
    given = [part for option in options for part in ("-c", option)]
    subprocess.run(["git", *given, *arguments], cwd=folder, check=True, capture_output=True)


def merged(folder: Path, base: list[str] | None, ours: list[str], theirs: list[str], union: bool) -> str:
    """The lock after git merged two branches; `base` None is no lock at all, [] an empty file."""
    lock = folder / "aibasic.lock"
    git(folder, "init")
    (folder / ".gitattributes").write_text("*.lock merge=union\n" if union else "")
    if base is not None:
        lock.write_text(render(encode(compilation(name)) for name in base) if base else "")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "base")
    git(folder, "branch", "theirs")
    for names, branch in ((ours, "main"), (theirs, "theirs")):
        git(folder, "checkout", branch)
        lock.write_text(render(encode(compilation(name)) for name in names))
        git(folder, "add", "-A")
        git(folder, "commit", "--allow-empty", "-m", branch)
    git(folder, "checkout", "main")
    if union:
        git(folder, "merge", "--no-edit", "theirs")
    else:
        with pytest.raises(subprocess.CalledProcessError):
            git(folder, "merge", "--no-edit", "theirs")
    return lock.read_text()


MANY = [f"sentence {number}" for number in range(12)]


@pytest.mark.parametrize("union", [True, False], ids=["union", "conflict marks"])
@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (None, ["a"], ["b"]),
        ([], ["a", "b", "c"], ["d", "e"]),
        (None, ["a", "b"], ["b", "c"]),
        (["k"], ["k", *MANY[::2]], ["k", *MANY[1::2]]),
        (MANY[:6], MANY[:9], [*MANY[:6], *MANY[9:]]),
    ],
)
def test_git_merges_two_branches_that_both_add_entries(
    tmp_path: Path, base: list[str] | None, ours: list[str], theirs: list[str], union: bool
) -> None:
    text = merged(tmp_path, base, ours, theirs, union)
    assert sentences(text) == {*ours, *theirs}
    assert parse(text).broken == ()
    assert ("<<<<<<<" in text) is not union


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_git_merges_any_two_sets_of_entries(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    base, ours, theirs = (data.draw(st.sets(st.sampled_from(MANY), max_size=5)) for _ in range(3))
    folder = tmp_path_factory.mktemp("merge")
    text = merged(folder, sorted(base), sorted(base | ours), sorted(base | theirs), union=True)
    assert sentences(text) == base | ours | theirs
    assert parse(text).broken == ()
