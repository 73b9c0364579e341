"""Filters that would occupy the CQL2 parser, and with it the process, for a long time."""

from geodata.ogc import cql2


def filled(before, part, after):
    """As many parts between as a filter of full length has room for."""
    room = cql2.MAX_CHARACTERS - len(before) - len(after)
    return before + part * (room // len(part)) + after


HOSTILE = {
    "forty open brackets": "(" * 40,
    "brackets to the end": "(" * 2000,
    "brackets that close": "(" * 900 + "stars = 3" + ")" * 900,
    "brackets that hold a slip": "(" * 10 + "a b" + ")" * 10,
    "a long slip in brackets": filled("(" * 10, "a=", "a b" + ")" * 10),
    # At the limits of the check that precedes parsing.
    "the longest slip in ten": "(" * 10 + "a=" * 120 + "x y" + ")" * 10,
    "the longest slip in seven": "(" * 7 + "a^" * 240 + " " * 1500 + "x y" + ")" * 7,
    "lists in lists": "a IN (" * 10 + ",".join(["a"] * 80) + " b" + ")" * 10,
    "brackets behind a quote": "'\\' ' = " + "(" * 40,
    "brackets behind a name": '"\'" = ' + "(" * 40 + " = '",
    "functions": "f(" * 600 + "a" + ")" * 600,
    "NOT": filled("", "NOT ", "stars = 3"),
    "NOT in a row": filled("", "NOT", " stars = 3"),
    "minus signs": filled("", "-", "stars"),
    "minus signs with spaces": filled("", "- ", "stars = 3"),
    "equal signs": filled("", "stars=", "3"),
    "powers": filled("", "a^", "a"),
    "sums": filled("", "a+", "a"),
    "IN after IN": filled("stars", " IN (3)", ""),
    "BETWEEN": filled("stars ", "BETWEEN 1 AND ", "2"),
    "quotes": "'" * 1999,
    "backslashes": "'" + "\\" * 1999,
    "double quotes": '"' * 1999,
    "points": filled("POINT(", "1 ", ")"),
    "open line": filled("S_INTERSECTS(geometry, LINESTRING(", "1 2,", "x))"),
    "collections": filled("", "GEOMETRYCOLLECTION(", ""),
    "too long": "stars = 3 OR " * 200,
    "far too long": "(" * 100_000,
}

HOSTILE_JSON = {
    "lists": "[" * 2000,
    "closed lists": "[" * 1000 + "]" * 1000,
    "objects": '{"a":' * 400,
    "not": '{"op":"not","args":[' * 80 + "true" + "]}" * 80,
    "dates": '{"date":' * 28 + "1" + "}" * 28,
    "casei": '{"op":"casei","args":[' * 14 + '"x"' + "]}" * 14,
    "strings": '"' * 1999,
    "numbers": "1" * 2000,
}
