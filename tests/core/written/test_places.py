from hypothesis import given

from tests.policies import policy_texts
from tk.core.written.places import Place, read_places

TEXT = """\
# día
top."a b".c = 1
[desk]
"zona ñ" = "x"  # y
list = [
  "a", { k = 1, m.n = 2 },
]
[[require]]
name = "first"
[[require]]
when.status = "open"
[require.that]
x = 1
[[require.deep]]
y = 2
"""


def test_keys_and_values_are_found_where_they_stand() -> None:
    places = read_places(TEXT)
    assert places.key(("top", "a b", "c")) == Place(2, 11)
    assert places.value(("top", "a b", "c")) == Place(2, 15)
    assert places.key(("desk",)) == Place(3, 2)


def test_columns_count_characters_not_bytes() -> None:
    assert read_places(TEXT).value(("desk", "zona ñ")) == Place(4, 12)


def test_items_of_lists_and_inline_tables_have_places() -> None:
    places = read_places(TEXT)
    assert places.value(("desk", "list", 0)) == Place(6, 3)
    assert places.key(("desk", "list", 1, "m", "n")) == Place(6, 19)


def test_each_table_of_an_array_is_found_by_its_position() -> None:
    places = read_places(TEXT)
    assert places.key(("require", 0, "name")) == Place(9, 1)
    assert places.key(("require", 1, "when", "status")) == Place(11, 6)
    assert places.key(("require", 1, "that", "x")) == Place(13, 1)
    assert places.value(("require", 1, "deep", 0, "y")) == Place(15, 5)


def test_what_has_no_place_is_looked_for_above_it() -> None:
    places = read_places(TEXT)
    assert places.value(("require", 0, "action")) == Place(8, 3)
    assert places.key(("nothing",)) == Place(1, 1)


def test_windows_line_ends_change_no_place() -> None:
    assert read_places(TEXT.replace("\n", "\r\n")) == read_places(TEXT)


def test_a_key_of_thousands_of_parts_costs_no_places() -> None:
    assert read_places(".".join("a" * 5000) + " = 1\n").value(("a",)) == Place(1, 1)


@given(policy_texts())
def test_every_key_of_a_policy_is_found_on_its_own_line(text: str) -> None:
    lines = text.split("\n")
    for path, place in read_places(text).keys.items():
        if isinstance(path[-1], str):
            rest = lines[place.line - 1][place.column - 1 :]
            assert rest.startswith((path[-1], f'"{path[-1]}"'))
