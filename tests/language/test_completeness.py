"""What an interactive front end does at Enter."""

import pytest

from aibasic_kernel.language import is_complete

CASES = [
    ("", "complete", ""),
    ("print x", "complete", ""),
    ("10 print x", "complete", ""),
    ("query the orders,", "incomplete", "    "),
    ("query the orders,  # now", "incomplete", "    "),
    ("query the orders,\n  the customers and", "incomplete", "  "),
    ("query the orders where", "incomplete", "    "),
    ("10 do this:", "incomplete", "    "),
    ("query the \\", "incomplete", "    "),
    ("print (x", "incomplete", "    "),
    ('print "x', "incomplete", "    "),
    ("print 'x", "complete", ""),
    ("x = '''a", "incomplete", "    "),
    ("(df)", "incomplete", "    "),
    ("(df)\n  query orders", "incomplete", "  "),
    ("(df) query orders", "complete", ""),
    ("x = 5", "complete", ""),
    ("x = [\n  5,\n]", "complete", ""),
    ("for a in x:", "incomplete", "    "),
    ("for a in x:\n    print(a)", "incomplete", "    "),
    ("for a in x:\n    if a:\n        break", "incomplete", "    "),
    ("for a in x:\n    print(a)\n", "complete", ""),
    ("for a in x: print(a)", "complete", ""),
    ("def f(a):\n    return a", "incomplete", ""),
    ("@cache", "incomplete", "    "),
    ("try:", "incomplete", "    "),
    ("for each a in x", "complete", ""),
    ("%%bash", "incomplete", ""),
    ("%%bash\nls\n", "complete", ""),
    ("!ls \\", "incomplete", ""),
    ("10 a\n10 b", "invalid", ""),
    ("(dff) x", "invalid", ""),
    ("goto 0", "invalid", ""),
    ("print (x\n", "invalid", ""),
    ("print x and\n", "complete", ""),
    ("(df)\n\n", "invalid", ""),
]


@pytest.mark.parametrize(("text", "status", "indent"), CASES, ids=[text for text, *_ in CASES])
def test_is_complete(text: str, status: str, indent: str) -> None:
    assert is_complete(text, names={"x"}, tasks={"df"}) == (status, indent)
