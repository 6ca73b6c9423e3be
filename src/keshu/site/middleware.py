"""What every address has in common."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from keshu.site.errors import bad_request

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


class ReadableText:
    """A NUL in an address or its query is nothing that a person typed, and PostgreSQL refuses it: 400, not a fault.

    Fields of posted forms are looked at by the forms themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        texts = [request.path_info, *(text for values in request.GET.lists() for text in values[1])]
        if any("\x00" in text for text in texts):
            if request.path_info.startswith("/api/"):
                return JsonResponse(
                    {"detail": _("请求中有不可识别的字符，请去掉后重试")}, status=HTTPStatus.BAD_REQUEST
                )
            return bad_request(request, ValueError("NUL"))
        return self.get_response(request)
