"""/search/: gigs, found by word and by likeness; the searches are events too."""

from django.http import HttpRequest, HttpResponse


def search(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
