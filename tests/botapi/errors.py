"""The one error that a Bot API method answers with."""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refused call: the HTTP status, the description and what goes into ``parameters``."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters or {}

    def answer(self) -> Json:
        """The JSON body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(text: str) -> ApiError:
    """An error 400 in the wording of the real server."""
    return ApiError(400, f"Bad Request: {text}")


def too_many_requests(seconds: int) -> ApiError:
    """An error 429 that says when to come back."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
