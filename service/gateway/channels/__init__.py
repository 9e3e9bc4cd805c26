"""One folder a channel: it verifies a request, makes an Inbound of it, and renders and sends the replies."""
