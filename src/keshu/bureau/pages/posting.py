"""Small things about requests that every form view needs."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the body of a POST, even an empty one; None while it is only shown."""
    return request.POST if request.method == "POST" else None


LONGEST = 18  # digits that every database still takes for an id


def whole_number(text: str) -> int | None:
    """A number that a page itself had put into its form or address; None for whatever else somebody sends."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None
