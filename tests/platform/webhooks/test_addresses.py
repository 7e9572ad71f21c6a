"""No message goes where only this machine can go, by whatever trick."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from paseo.platform.webhooks import addresses, posting
from paseo.platform.webhooks.addresses import check_url, is_public
from paseo.platform.webhooks.posting import Post
from paseo.platform.webhooks.refusals import AddressRefused


@pytest.fixture
def inside(settings: Any) -> None:
    settings.PASEO = {**settings.PASEO, "WEBHOOKS_INSIDE": True}


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/", "ftp://receiver.example/", "receiver.example", "//receiver.example/", "https://",
        "https://localhost/", "https://localhost./", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
        "https://0x7f000001/", "https://0177.0.0.1/", "https://0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:10.0.0.1]/", "https://[fe80::1]/", "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://224.0.0.1/", "https://0.0.0.0/",
        "https://255.255.255.255/", "https://metadata.google.internal/", "https://nas.local/", "https://router.lan/",
        "https://db/", "https://user:pass@receiver.example/", "https://receiver.example@127.0.0.1/",
        "https://receiver.example/#part", "https://receiver.example/a b", "https://receiver.example/\r\nX: y",
        "https://receiver.example:0/", "https://receiver.example:99999/", "https://receiver.example/" + "a" * 500,
        "https://receiver.example\\@127.0.0.1/", "javascript:alert(1)", "https://\u2460\u2461\u2466.0.0.1/", "",
    ],
)  # fmt: skip
def test_what_is_not_a_public_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://receiver.example/hooks?token=1", "https://a.b.receiver.example:8443/x", "https://93.184.216.34/",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/", "https://b\u00fccher.example/", "https://xn--bcher-kva.example/",
    ],
)  # fmt: skip
def test_public_addresses_are_taken(url: str) -> None:
    assert check_url(f" {url} ") == url


def test_the_setting_lets_a_developer_try_it_at_home(inside: None) -> None:
    assert check_url("http://127.0.0.1:9000/hook") == "http://127.0.0.1:9000/hook"
    assert check_url("http://localhost:9000/") == "http://localhost:9000/"


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_public_ones(address: str) -> None:
    assert is_public(address)


POST = Post("https://receiver.example/", {}, b"{}")


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names lead to these addresses, one list per question; returns what was connected to."""
    questions, connected = iter(answers), []

    def getaddrinfo(host: str, port: int, **more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(questions)]

    def connect(self: Any, host: str, port: int, *more: Any) -> Any:
        connected.append(host)
        raise ConnectionRefusedError("nobody there")

    import httpcore

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    return connected


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["10.0.0.5"], ["93.184.216.34", "192.168.0.1"], ["169.254.169.254"]])
def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, answer: list[str]) -> None:
    connected = resolving(monkeypatch, answer)
    outcome = posting.send(POST)
    assert (outcome.status, connected) == (0, [])
    assert outcome.error == "receiver.example leads into a network that is not public."


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the address that was checked is the one that is connected to; the name is asked once."""
    connected = resolving(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    assert posting.send(POST).status == 0
    assert connected == ["93.184.216.34"]


class Quiet(BaseHTTPRequestHandler):
    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"thanks")
    seen: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        status, headers, text = self.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Callable[..., tuple[int, type[Quiet]]]]:
    """``server(answer, context)``: a receiver on this machine; its port and what it has seen."""
    running = []

    def start(answer: Any = None, context: ssl.SSLContext | None = None) -> tuple[int, type[Quiet]]:
        handler = type("Handler", (Quiet,), {"seen": [], **({"answer": answer} if answer else {})})
        http = HTTPServer(("127.0.0.1", 0), handler)
        if context:
            http.socket = context.wrap_socket(http.socket, server_side=True)
        threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        running.append(http)
        return http.server_port, handler

    yield start
    for http in running:
        http.shutdown()
        http.server_close()


def test_a_post_over_a_real_line(server: Any, inside: None) -> None:
    port, handler = server()
    outcome = posting.send(Post(f"http://127.0.0.1:{port}/hook?a=1", {"webhook-id": "1", "content-type": "x/y"}, b"{}"))
    assert (outcome.status, outcome.answer, outcome.error) == (200, "thanks", "")
    ((path, headers, body),) = handler.seen
    assert (path, headers["webhook-id"], headers["host"], body) == ("/hook?a=1", "1", f"127.0.0.1:{port}", b"{}")


def test_a_redirect_is_not_followed(server: Any, inside: None) -> None:
    target, inner = server()
    port, _ = server((302, {"Location": f"http://127.0.0.1:{target}/secret"}, b""))
    outcome = posting.send(Post(f"http://127.0.0.1:{port}/", {}, b"{}"))
    assert (outcome.status, outcome.delivered, inner.seen) == (302, False, [])


def test_nobody_there(inside: None) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        outcome = posting.send(Post(f"http://127.0.0.1:{free.getsockname()[1]}/", {}, b"{}"))
    assert outcome.absent and "refused" in outcome.error.lower()


def test_a_long_answer_is_cut_and_a_pause_is_read(server: Any, inside: None) -> None:
    port, _ = server((503, {"Retry-After": "120"}, b"\x00" + b"x" * 200_000))
    outcome = posting.send(Post(f"http://127.0.0.1:{port}/", {}, b"{}"))
    assert (outcome.status, outcome.retry_after, len(outcome.answer)) == (503, 120, 2000)
    assert "\x00" not in outcome.answer


def test_a_receiver_that_drips_is_left_at_the_deadline(monkeypatch: pytest.MonkeyPatch, inside: None) -> None:
    """One byte now and then keeps every single wait short; the whole still ends."""
    monkeypatch.setattr(posting, "DEADLINE_S", 0.3)
    ending = threading.Event()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)

        def drip() -> None:
            line, _ = listening.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while not ending.wait(0.05):
                    try:
                        line.sendall(b"X")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        outcome = posting.send(Post(f"http://127.0.0.1:{listening.getsockname()[1]}/", {}, b"{}"))
        ending.set()
        thread.join(5)
    assert (outcome.status, outcome.error) == (0, "It did not answer in time.")
    assert outcome.milliseconds < 2000


def test_the_certificate_must_be_that_of_the_name(
    server: Any, inside: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """The connection goes to a checked address, the certificate is asked for the name."""
    cert, key = certificate("receiver.example", tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    port, handler = server(None, serving)
    trusting = ssl.create_default_context(cafile=str(cert))
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["127.0.0.1"])
    fine = posting.send(Post(f"https://receiver.example:{port}/", {}, b"{}"), context=trusting)
    assert (fine.status, fine.error) == (200, "")
    wrong = posting.send(Post(f"https://other.example:{port}/", {}, b"{}"), context=trusting)
    assert wrong.status == 0 and "certificate" in wrong.error.lower()
    assert posting.send(Post(f"https://receiver.example:{port}/", {}, b"{}")).status == 0, "nobody vouches for it"
    assert len(handler.seen) == 1


def certificate(name: str, folder: Any) -> tuple[Any, Any]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_file, key_file
