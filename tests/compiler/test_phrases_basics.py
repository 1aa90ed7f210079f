"""Conditions of Python and the sentences of the plain task types."""

from __future__ import annotations

import pytest

from tests.compiler.phrased import NAMES, python
from tests.compiler.scopes import make_scope


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x is less than 5", "x < 5"),
        ("x >= 10", "x >= 10"),
        ("x equals y", "x == y"),
        ("x = 7", "x == 7"),
        ("not done", "not done"),
        ("done is false", "not done"),
        ("names is empty", "len(names) == 0"),
        ("names is not empty", "len(names) > 0"),
        ("nothing is null", "nothing is None"),
        ("title contains 'cat'", '"cat" in title'),
        ("title starts with 'My' and not done", 'title.startswith("My") and not done'),
        ("x is between 1 and y * 2", "1 <= x <= y * 2"),
        ("names[0] is 'Ann'", 'names[0] == "Ann"'),
        ("x is one of (1, 2)", "x in (1, 2)"),
        ("x ^ 2 > 8", "x ** 2 > 8"),
        ("title = 1", 'title.strip() == "1"'),
        ("1 == title", 'title.strip() == "1"'),
        ("title <> -1 and x = 1", 'title.strip() != "-1" and x == 1'),
        ("title == 1", 'title.strip() == "1"'),
        ("title in (1, 2)", 'title.strip() in ("1", "2")'),
        ("title is not 1", 'title.strip() != "1"'),
        ("title > 1", None),
        ("1 <= title", None),
        ("title is between 1 and 3", None),
        ("title = x", "title == x"),
        ("max(x ^ 2, y) > 8 if x else done", None),
        ("x is not one of (1, 2)", "x not in (1, 2)"),
        ("len(names) > 2", "len(names) > 2"),
        ("counts.get", "counts.get"),
        ("x is 5 or 7", None),
        ("z > 5", None),
        ("x > 2013-01-05", None),
        ("x > 5 jump", None),
        ("input", None),
        ("", None),
    ],
)
def test_conditions_become_python(text: str, expected: str | None) -> None:
    assert python(f"whether {text}", "", make_scope(NAMES, None)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ('print "hello" and x', 'print("hello", x)'),
        ("print x * 2, title", "print(x * 2, title)"),
        ("print 2 ^ 3", "print(2 ** 3)"),
        ("print (x + 1) ^ 2 * 3", "print((x + 1) ** 2 * 3)"),
        ("print [2 ^ 3]", None),
        ('print "x is " + x', 'print("x is " + str(x))'),
        ('print "x is " + x + 1', 'print("x is " + str(x) + str(1))'),
        ('print "x is " + (x + 1) + "."', 'print("x is " + str(x + 1) + ".")'),
        ('print x & title & "y"', 'print(str(x) + title + "y")'),
        ('print "x" & "y"', 'print("x" + "y")'),
        ("print title + who", "print(title + who)"),
        ('print "I know " & names', 'print("I know " + str(names))'),
        ("print title + x", None),
        ("set z to 1 + title", None),
        ("print counts[\"a\"] & title", 'print(str(counts["a"]) + title)'),
        ('print names[0] + "!"', 'print(names[0] + "!")'),
        ("print x & 4", "print(x & 4)"),
        ("print sum of names", "print(sum(names))"),
        ("let x = 5", "x = 5"),
        ("let z be x plus two", "z = x + 2"),
        ('set z to "C:\\new"', "z = 'C:\\\\new'"),
        ("set z to (x + 1) * 2 ** 3", "z = (x + 1) * 2 ** 3"),
        ("set z to -x", "z = -x"),
        ("set z to 007", "z = 7"),
        ("set z to 2013-11-15", "import datetime\n\nz = datetime.date(2013, 11, 15)"),
        ("set z to 2013-11-15 08:00", "import datetime\n\nz = datetime.datetime(2013, 11, 15, 8, 0)"),
        ("print 2013-01-05 and x", "import datetime\n\nprint(datetime.date(2013, 1, 5), x)"),
        ("set z to [2013-11-15]", None),
        ("set z to [11/15/2013]", None),
        ("set z to 2013-02-30", None),
        ("set z to 2013-11", None),
        ("set z to 2013 - 11", "z = 2013 - 11"),
        ("calculate wage * 1.5", 'import decimal\n\nresult = wage * decimal.Decimal("1.5")'),
        ("calculate wage * y", "import decimal\n\nresult = wage * decimal.Decimal(str(y))"),
        ("calculate wage * 2", "result = wage * 2"),
        ("set z to [1, 2, x]", "z = [1, 2, x]"),
        ("set z to unknown", None),
        ("print unknown", None),
        ('input "Name? ", z', 'z = input("Name? ")'),
        ("Add 5 to the x.", "x += 5"),
        ("add 5 to names", "names.append(5)"),
        ("add 5 to title", None),
        ("is x > 5", "x > 5"),
    ],
)
def test_the_basics(sentence: str, expected: str | None) -> None:
    assert python(sentence, "") == expected
