"""What is shown instead of a page. 400.html, 404.html, 500.html and 403_csrf.html are found by Django itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def may_not(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for somebody who may not do this."""
    return render(request, "console/may_not.html", {"why": str(exception)}, status=403)
