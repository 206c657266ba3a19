#!/usr/bin/env python3
"""Hold what we say of named certificates against what the real Claude Code does with them.

    sudo python3 tests/live/certificates.py --claude PATH/TO/claude

Made-up authorities, a server on loopback that shows their certificates, and a file that the person's settings
(NODE_EXTRA_CA_CERTS) or the environment (SSL_CERT_FILE) name.  `crates/engine/src/live/chain.rs` and `tls.rs` rest on
the rows of CASES.  The script starts itself again in a network namespace of its own: only loopback is up there, and the
environment is empty.

Needs: Linux, root, unshare (util-linux), ip (iproute2), openssl.
"""
import argparse
import http.server
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

KEY = "sk-ant-" + "api03-FAKE-000000000000000000-ENVKEY0001"
TRUSTED, UNKNOWN, LOCALLY, EXPIRED = "MOCK", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "has expired"
AUTHORITY = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
SERVER = "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"

# What it is, the server's certificate, what the server shows above it, what the file holds, and what Claude Code says:
# with NODE_EXTRA_CA_CERTS in the person's settings, and with SSL_CERT_FILE.
CASES = [
    ("the root", "direct", [], ["root"], TRUSTED, TRUSTED),
    ("another root", "direct", [], ["other"], UNKNOWN, UNKNOWN),
    ("a root that ran out", "underold", [], ["old"], EXPIRED, UNKNOWN),
    ("the server's own", "direct", [], ["direct"], UNKNOWN, UNKNOWN),
    ("the root, one between shown", "leaf", ["between"], ["root"], TRUSTED, TRUSTED),
    ("one between alone, and shown", "leaf", ["between"], ["between"], LOCALLY, LOCALLY),
    ("one between alone, not shown", "leaf", [], ["between"], UNKNOWN, UNKNOWN),
    ("the root, one between not shown", "leaf", [], ["root"], UNKNOWN, UNKNOWN),
    ("the root and one between, not shown", "leaf", [], ["root", "between"], TRUSTED, TRUSTED),
    ("another root first, words between", "direct", [], ["# words\n", "other", "\nwords\n", "root"], TRUSTED, TRUSTED),
    ("a byte-order mark before it", "direct", [], ["\ufeff", "root"], UNKNOWN, UNKNOWN),
]


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificate(name, by, extensions, dates):
    """A certificate, signed by another or by itself (`by` is its own name)."""
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key",
            "-out", name + ".csr", "-subj", "/CN=Made Up " + name)
    with open("ca.cnf", "w", encoding="utf-8") as file:
        file.write("[ca]\ndefault_ca=d\n[d]\ndatabase=idx\nrand_serial=yes\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
                   "unique_subject=no\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\n" + extensions)
    open("idx", "a", encoding="utf-8").close()
    signer = ["-selfsign"] if by == name else ["-cert", by + ".pem"]
    openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-keyfile", by + ".key", *signer, "-in", name + ".csr",
            "-out", name + ".pem", "-startdate", dates[0], "-enddate", dates[1])


class Refusal(http.server.BaseHTTPRequestHandler):
    """Answers whoever trusts it with a refusal."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.dumps({"type": "error", "error": {"type": "authentication_error", "message": "MOCK"}}).encode()
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass


def read(name):
    if not os.path.exists(name + ".pem"):
        return name
    with open(name + ".pem", encoding="utf-8") as file:
        return file.read()


def says(claude, leaf, above, named, variable):
    with open("chain.txt", "w", encoding="utf-8") as file:
        file.write("".join(read(one) for one in [leaf, *above]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("chain.txt", leaf + ".key")
    server = Server(("127.0.0.1", 0), Refusal)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = tempfile.mkdtemp(prefix="a b ü ")
    try:
        path = os.path.join(home, "named.pem")
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(read(one) for one in named))
        os.mkdir(os.path.join(home, ".claude"))
        in_settings = variable == "NODE_EXTRA_CA_CERTS"
        with open(os.path.join(home, ".claude", "settings.json"), "w", encoding="utf-8") as file:
            json.dump({"env": {variable: path}} if in_settings else {}, file)
        environment = {
            "PATH": "/usr/bin:/bin", "HOME": home, "USER": "u", "LANG": "C.UTF-8", "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": "https://127.0.0.1:%d" % server.server_address[1], "CLAUDE_CODE_MAX_RETRIES": "0",
            "DISABLE_AUTOUPDATER": "1", "DISABLE_TELEMETRY": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            **({} if in_settings else {variable: path}),
        }
        ended = subprocess.run([claude, "-p", "hi"], env=environment, cwd=home, capture_output=True, text=True, timeout=60,
                               stdin=subprocess.DEVNULL, check=False)
        return ended.stdout.strip()
    finally:
        server.shutdown()
        server.server_close()
        shutil.rmtree(home)


def inside(claude):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    now, past = ("20250101000000Z", "20450101000000Z"), ("20200101000000Z", "20210101000000Z")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, by, extensions, dates in [
            ("root", "root", AUTHORITY, now), ("other", "other", AUTHORITY, now), ("old", "old", AUTHORITY, past),
            ("between", "root", AUTHORITY, now), ("leaf", "between", SERVER, now), ("direct", "root", SERVER, now),
            ("underold", "old", SERVER, now),
        ]:
            certificate(name, by, extensions, dates)
        for what, leaf, above, named, extra, system in CASES:
            for variable, expected in (("NODE_EXTRA_CA_CERTS", extra), ("SSL_CERT_FILE", system)):
                said = says(claude, leaf, above, named, variable)
                fits = expected in said or expected == TRUSTED and "Invalid API key" in said
                wrong += not fits
                print("%s %-20s %-38s %s" % ("  " if fits else "!!", variable, what, said[:110]), flush=True)
        os.chdir("/")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claude", required=True)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    claude = os.path.realpath(given.claude)
    if given.inside:
        return inside(claude)
    if os.geteuid() != 0:
        sys.exit("certificates.py needs root, for the namespace")
    again = [sys.executable, "-B", os.path.abspath(__file__), "--inside", "--claude", claude]
    return subprocess.run(["env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "unshare", "-n", *again], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
