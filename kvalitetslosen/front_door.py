"""Who comes in, and what may be kept of what goes out.

One middleware, since every page pays for each: nobody passes without a log-in, no address with a NUL in it reaches the
database, and no browser keeps a page for whoever sits down at it next.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def came_from(request: HttpRequest) -> str:
    """The page of ours a form was sent from, the start page when the browser doesn't say."""
    referer = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(referer)
    path = "/" + parts.path.lstrip("/")  # two slashes would begin another site's address
    return f"{path}?{parts.query}" if parts.query else path


class FrontDoorMiddleware(LoginRequiredMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        """PostgreSQL takes no NUL in a text; nobody but a machine that tries doors sends one."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """To the log-in, and back to where one was.

        What was posted is not carried along, and many addresses take nothing but a post: the way back leads to the
        page with the form, where the device has kept what was written.
        """
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        messages.warning(request, _("You were logged out, so nothing was sent. Log in, and do it once more."))
        return redirect_to_login(came_from(request), self.get_login_url(view_func), self.redirect_field_name)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """After logging out, the back button shows nothing: several people share the computer on the ward."""
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django shows when the form's token doesn't fit: the cookies went, or the page is from before a log-in."""
    return render(request, "403_csrf.html", {"back": came_from(request)}, status=403)
