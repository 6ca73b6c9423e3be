"""What every address has in common."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

LARGEST = 2**63 - 1


class KnownNumbers:
    """A number in an address that no database takes for an id names nothing: 404, not a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, _request: HttpRequest, _view: Any, _args: Any, numbers: dict[str, Any]) -> None:
        if any(isinstance(number, int) and number > LARGEST for number in numbers.values()):
            raise Http404
