"""A bare Sanic route that says back what it is told: what the web server alone costs. `python echo.py PORT`."""

import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

app = Sanic("echo")


@app.post("/webhooks/rest/webhook")
async def webhook(request: Request) -> HTTPResponse:
    """In the form of Rasa's REST channel."""
    return json([{"recipient_id": request.json["sender"], "text": request.json["message"]}])


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False, motd=False)
