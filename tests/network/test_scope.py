"""Scopes of targets."""

import pytest

from boxbuild.errors import DataError
from boxbuild.network.scope import SCOPE_NAMES, parse_scope


def test_a_scope_is_terms_joined_by_semicolons() -> None:
    assert parse_scope("family=phone; site = noida;") == {"family": "phone", "site": "noida"}
    assert parse_scope(None) == parse_scope(" ; ") == {}
    assert all(parse_scope(f"{name}=x") == {name: "x"} for name in SCOPE_NAMES)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("phone", "'phone' is not a term of a scope (write name=value; name=value)"),
        ("family=", "is not a term"),
        ("famly=phone", "a scope has no name 'famly' (did you mean family?)"),
        ("week=3", "names are item, family, partner, site, country, market"),
        ("item=a; item=b", "the scope names item twice"),
    ],
)
def test_a_scope_of_another_form_says_why(text: str, says: str) -> None:
    with pytest.raises(DataError) as raised:
        parse_scope(text)
    assert says in str(raised.value)
