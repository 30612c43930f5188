"""Which language an answer is in: what the reader chose, else what their browser asks for."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

# What programs and staff read is English: a script must not break for its owner's browser.
ENGLISH_PATHS = ("/api/", "/admin/", "/static/", "/healthz", "/readyz", "/metrics")
ENGLISH_FILES = (".csv", ".txt", ".xml")


class Languages(LocaleMiddleware):
    """Answers in the reader's language; the cookie of the switch in the footer goes first."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A thread goes on to somebody else's request, or to a task: nothing of this one stays.
        with translation.override("en"):
            answer = super().__call__(request)
        assert isinstance(answer, HttpResponseBase)
        return answer

    def process_request(self, request: HttpRequest) -> None:
        if is_english(request):
            translation.activate("en")
            request.LANGUAGE_CODE = "en"
        else:
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if is_english(request):
            return response
        patch_vary_headers(response, ["Cookie"])
        return super().process_response(request, response)


def is_english(request: HttpRequest) -> bool:
    """Return whether an address is for programs or for staff."""
    path = request.path_info
    return path.startswith(ENGLISH_PATHS) or path.endswith(ENGLISH_FILES)
