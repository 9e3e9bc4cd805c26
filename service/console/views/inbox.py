"""stub"""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from service.console.roles import May, only_who_may

@only_who_may(May.READ)
def inbox(request: HttpRequest, number: int = 0) -> HttpResponse:
    return render(request, "console/base.html")
