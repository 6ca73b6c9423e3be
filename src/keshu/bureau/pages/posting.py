"""Small things about requests that every form view needs."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the body of a POST, even an empty one; None while it is only shown."""
    return request.POST if request.method == "POST" else None
