"""What a request of Twilio holds: a form in its body, our reference in its query."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict

from service.gateway.messaging.channel import Malformed

FORM = "application/x-www-form-urlencoded"


def form_of(request: HttpRequest) -> QueryDict:
    """The form, with blank values and repeated names as they came: the signature covers them.

    Raises:
        Malformed: it is no form, or too large.
    """
    if request.content_type != FORM:
        raise Malformed(f"the content type must be {FORM}")
    try:
        return QueryDict(request.body, encoding="utf-8")
    except (SuspiciousOperation, OSError):
        raise Malformed("the form cannot be read, or is too large") from None


def reference_of(request: HttpRequest) -> str:
    """The reference that `send` put into the address of a status callback; "" where there is none.

    Raises:
        Malformed: the query has too many fields.
    """
    try:
        return QueryDict(request.META.get("QUERY_STRING", ""), encoding="utf-8").get("parcel", "")
    except SuspiciousOperation:
        raise Malformed("the query has too many fields") from None
