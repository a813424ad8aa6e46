"""What all addresses for other programs have in common: how they refuse, and how a token comes."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse


def refused(status: int, code: str, message: str, **headers: str) -> JsonResponse:
    answer = JsonResponse({"error": {"code": code, "message": message}}, status=status)
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def bearer(request: HttpRequest) -> str:
    """The token of ``Authorization: Bearer …``; nothing where there is none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
