"""How lines become instructions: continuation, quotes, brackets, comments, numbers, task types."""

import pytest

from aibasic_kernel.language import ParseError, parse
from aibasic_kernel.language.instruction import BareNumber, Magic, Remark, Sentence


def sentences(text: str) -> list[str]:
    return [one.text for one in parse(text) if isinstance(one, Sentence)]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("query the orders,\nthe customers", "query the orders, the customers"),
        ("do this:\nload the file", "do this: load the file"),
        ("query the \\\norders", "query the orders"),
        ("query the orders\n   of last year\n   in Italy", "query the orders of last year in Italy"),
        ("take (1 and\n20 2) now", "take (1 and 2) now"),
        ('10 post {"a": 1,\n20       "b": 2}', 'post {"a": 1, "b": 2}'),
        ("print (a\n\nb)", "print (a b)"),
        ('print "two\n  lines" now', 'print "two\n  lines" now'),
        ("query orders,  # the new ones\ncustomers", "query orders, customers"),
        ("query orders,\n# the old ones\ncustomers", "query orders, customers"),
        *((f"query orders {word}\ncustomers", f"query orders {word} customers")
          for word in ("and", "or", "then", "with", "of", "by", "from", "to", "where", "INTO")),
    ],
)  # fmt: skip
def test_lines_that_go_on(text: str, joined: str) -> None:
    assert sentences(text) == [joined]


@pytest.mark.parametrize(
    "text",
    [
        "query orders\nquery customers",
        "query orders and\n20 query customers",
        "query orders,\n\nquery customers",
        "query the band\nquery customers",
        "10 query orders\n20 query customers",
        "  10 query orders\n  20 query customers",
        'print "and"\nquery customers',
    ],
)
def test_lines_that_end(text: str) -> None:
    assert len(sentences(text)) == 2


def test_an_indented_body_of_a_loop_is_lines_of_its_own() -> None:
    kinds = [type(one).__name__ for one in parse("for each x in data\n    print x\n    send x\nnext x")]
    assert kinds == ["ForEach", "Sentence", "Sentence", "Next"]


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("query orders # all of them", "query orders"),
        ("query orders #", "query orders"),
        ("post to #general # not here", "post to #general"),
        ('print "a # b"', 'print "a # b"'),
        ('print "say \\" # b" # c', 'print "say \\" # b"'),
        ("print \N{LEFT DOUBLE QUOTATION MARK}a # b\N{RIGHT DOUBLE QUOTATION MARK}",
         "print \N{LEFT DOUBLE QUOTATION MARK}a # b\N{RIGHT DOUBLE QUOTATION MARK}"),
        ('list pipes of 5" # inches', 'list pipes of 5"'),
        ("it's Anna's # c", "it's Anna's"),
        ("print 'A # B'", "print 'A # B'"),
        ("query airlines where name = 'A # B' # c", "query airlines where name = 'A # B'"),
        ("insert into h values (1, 'issue #1'), (2,'issue # 2') # c",
         "insert into h values (1, 'issue #1'), (2,'issue # 2')"),
        ("query h where name = 'it''s # 1'", "query h where name = 'it''s # 1'"),
        ("query h where name = '' # 'c'", "query h where name = ''"),
        ("show the 90's # bone's", "show the 90's"),
        ("don't do 'this # or that", "don't do 'this"),
        ("print 'a (b' # c", "print 'a (b'"),
        ("print \"it's 'a\" # b' c", "print \"it's 'a\""),
        ("execute postgres query SELECT id#1 AS x FROM h # all", "execute postgres query SELECT id#1 AS x FROM h"),
        ("SELECT * FROM orders # the new ones", "SELECT * FROM orders"),
        ("SELECT * FROM orders # 2 of them", "SELECT * FROM orders"),
        ("select the best orders # old, new", "select the best orders"),
        ("query orders where id = 5 # 3", "query orders where id = 5"),
        ("take the interval [0, 5) here", "take the interval [0, 5) here"),
    ],
)  # fmt: skip
def test_comments_and_quotes(text: str, stripped: str) -> None:
    assert sentences(text) == [stripped]


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("DELETE FROM people\nWHERE state = 'TX'", ["DELETE FROM people WHERE state = 'TX'"]),
        ("(postgres) delete from people\nwhere state = 'TX'\nprint done", None),
        ("UPDATE people\nSET state = 'ZZ'\nWHERE name = 'A'", ["UPDATE people SET state = 'ZZ' WHERE name = 'A'"]),
        ("SELECT origin, count(*) AS n\nFROM flights\nGROUP BY 1\nORDER BY 2\nLIMIT 3",
         ["SELECT origin, count(*) AS n FROM flights GROUP BY 1 ORDER BY 2 LIMIT 3"]),
        ("SELECT *\nFROM a\nLEFT JOIN b\nON a.x = b.x\nAND a.y > 1",
         ["SELECT * FROM a LEFT JOIN b ON a.x = b.x AND a.y > 1"]),
        ("INSERT INTO t (a)\nVALUES (1)", ["INSERT INTO t (a) VALUES (1)"]),
        ("execute postgres query SELECT *\nFROM t\nWHERE x > 1",
         ["execute postgres query SELECT * FROM t WHERE x > 1"]),
        ("SELECT * FROM a\njoin a with b on x", ["SELECT * FROM a", "join a with b on x"]),
        ("SELECT * FROM a\nselect the best rows", ["SELECT * FROM a", "select the best rows"]),
        ("query all people\nwhere do they live", ["query all people", "where do they live"]),
        ("UPDATE t SET a = 1\nset limit to 5", ["UPDATE t SET a = 1", "set limit to 5"]),
    ],
)  # fmt: skip
def test_clauses_of_sql_belong_to_the_statement_above_them(text: str, stripped: list[str] | None) -> None:
    if stripped is None:
        assert sentences(text)[-1] == "print done"
        assert len(sentences(text)) == 2
    else:
        assert sentences(text) == stripped


def test_control_flow_behind_sql_stays_a_line_of_its_own() -> None:
    assert len(parse("SELECT * FROM a\non error goto 50")) == 2


def test_a_task_type_alone_takes_the_indented_block() -> None:
    block, after = parse("(postgres)  # the shop\n    SELECT *\n\n    FROM orders, -- all\nprint x")
    assert isinstance(block, Sentence)
    assert isinstance(after, Sentence)
    assert (block.task, block.text) == ("postgres", "SELECT * FROM orders, -- all")
    assert (after.task, after.text) == ("", "print x")


def test_task_type_and_instance() -> None:
    (sentence,) = parse("10 ( Postgres : warehouse )  query orders and go to line 40")
    assert isinstance(sentence, Sentence)
    assert (sentence.number, sentence.task, sentence.instance) == (10, "postgres", "warehouse")
    assert (sentence.text, sentence.then_goto, sentence.section) == ("query orders", 40, "postgres:warehouse")


@pytest.mark.parametrize("text", ["2 + 2", "1. load", "10, 20", "10 - load", "10-20", "10 = x", "10 != x"])
def test_a_number_before_an_operator_is_no_line_number(text: str) -> None:
    assert [one.number for one in parse(text)] == [None]


def test_a_bare_number_is_not_a_numbered_line() -> None:
    (bare,) = parse("  0042 ")
    assert isinstance(bare, BareNumber)
    assert (bare.value, bare.number) == (42, None)


def test_remarks_and_empty_lines() -> None:
    texts = [(one.number, one.text) for one in parse("#!/usr/bin/env aibasic\nrem a\n\n10 REM  b \n20 # c\nREMARKABLE")
             if isinstance(one, Remark)]  # fmt: skip
    assert texts == [(None, "!/usr/bin/env aibasic"), (None, "a"), (None, ""), (10, "b"), (20, "c")]


def test_a_cell_magic_takes_the_rest() -> None:
    (empty, magic) = parse("\n%%bash\nls\n  10 (")
    assert isinstance(empty, Remark)
    assert isinstance(magic, Magic)
    assert magic.text == "%%bash\nls\n  10 ("


def test_a_magic_goes_on_behind_a_backslash() -> None:
    first, second = parse("!ls \\\n  -l\nprint x")
    assert isinstance(first, Magic)
    assert first.text == "!ls \\\n  -l"
    assert isinstance(second, Sentence)


def test_line_ends_of_all_systems() -> None:
    assert [one.source for one in parse("print a\r\nprint b\rprint c\n")] == ["print a\r\n", "print b\r", "print c\n"]


def test_a_thousand_wrong_clauses_are_read_once_each() -> None:
    text = "if x:\n  y()\n" + "".join(f"elif x{i}:\n  f()\n" for i in range(200)) + "else do it"
    assert "".join(one.source for one in parse(text)) == text


def test_an_open_bracket_hides_no_number_but_its_own() -> None:
    with pytest.raises(ParseError, match=r"line 1 \(number 10\): the bracket that opens here is never closed"):
        parse("10 print (a\n20 print b")


@pytest.mark.parametrize(
    "line",
    [
        "10 (postgres) query all customers from postgres where age > 25",
        "20 (postgres) insert into postgres table users values ('Alice', 30)",
        "30 (postgres) execute postgres query SELECT * FROM orders WHERE total > 100",
        "30 (rabbitmq) bind queue my_queue to exchange my_exchange with routing key events.*",
        '40 (rabbitmq) publish message "Hello" to exchange my_exchange with routing key events.test',
        '20 (kafka) publish JSON message {"user": "Alice"} to topic user_events',
        '10 (redis) set redis key user:name to value "Alice" with expiration 3600 seconds',
        '30 (redis) set redis hash user:123 with data {"name": "Bob", "age": 30}',
    ],
)
def test_lines_of_existing_programs_are_kept_as_written(line: str) -> None:
    (sentence,) = parse(line)
    assert isinstance(sentence, Sentence)
    assert f"{sentence.number} ({sentence.task}) {sentence.text}" == line
