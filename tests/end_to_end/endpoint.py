"""A small endpoint on 127.0.0.1 that knows some keys."""

import http.server
import json
import threading


class Endpoint:
    """Answers `GET /v1/models` in the shape of the API: 200 for a key that it knows, 401 for any other."""

    def __init__(self, key):
        self.asked = []
        self.keys = {key}
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                endpoint.asked.append((self.command, self.path, self.headers.get("x-api-key") in endpoint.keys))
                if self.headers.get("x-api-key") in endpoint.keys:
                    self._answer(200, {"data": [], "has_more": False, "first_id": None, "last_id": None})
                else:
                    error = {"type": "authentication_error", "message": "invalid x-api-key"}
                    self._answer(401, {"type": "error", "error": error, "request_id": "req_1"})

            def _answer(self, status, body):
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.send_header("request-id", "req_1")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
