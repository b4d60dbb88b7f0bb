"""The daemon under the protocols of systemd, against real sockets and systemd's own programs.

OUTAGED_BIN names the folder of the programs. Run: python3 -m unittest -v service_test
"""
import configparser
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("OUTAGED_BIN", SOURCE / "build/release/bin"))
UNITS = SOURCE / "packaging/systemd"
PATIENCE = 60
TOKEN = "only this test knows it"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def eventually(what, look):
    """What `look` returns as soon as that is something; the wait has an end."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s in vain: {what}")


def ask(port, path, data=None, token=None):
    """Status and body of an answer; nothing when nobody listens."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except urllib.error.URLError:
        return None


class Supervisor:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, path):
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)

    def next(self, wanted):
        """The fields of the next message that has the field `wanted`."""
        while True:
            fields = dict(line.split("=", 1) for line in self.socket.recv(4096).decode().splitlines())
            if wanted in fields:
                return fields


class ServiceTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="outaged-systemd-")))
        self.port = free_port()
        (self.folder / "probes").mkdir()
        step = {"tcp": {"target": f"127.0.0.1:{self.port}"}}
        (self.folder / "probes/here.json").write_text(json.dumps(
            {"id": "own.here", "component": "own/web", "title": "Ourselves", "interval": "1s", "timeout": "1s", "steps": [step]}))
        self.settings = {
            "site": "test", "probes": {"paths": [str(self.folder / "probes")]},
            "store": {"path": str(self.folder / "outaged.db")},
            "serve": {"listen": f"127.0.0.1:{self.port}", "socket": str(self.folder / "outaged.sock")}}
        self.write()

    def write(self, text=None):
        (self.folder / "outaged.json").write_text(text or json.dumps(self.settings))

    def start(self, *wrapper, **environment):
        command = [*wrapper, str(BIN / "outaged"), "--config", str(self.folder / "outaged.json")]
        log = self.enterContext(open(self.folder / "log", "wb"))
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)

        def end():
            process.kill()
            process.wait()

        self.addCleanup(end)
        return process

    def start_supervised(self, **environment):
        supervisor = Supervisor(self.folder / "notify")
        self.addCleanup(supervisor.socket.close)
        return supervisor, self.start(NOTIFY_SOCKET=supervisor.path, **environment)

    def test_ready_is_said_when_requests_are_answered_and_stopping_before_the_end(self):
        supervisor, process = self.start_supervised()
        self.assertIn("STATUS", supervisor.next("READY"))
        self.assertEqual(ask(self.port, "/healthz")[0], 200)
        process.send_signal(signal.SIGTERM)
        supervisor.next("STOPPING")
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_the_watchdog_is_fed_twice_in_its_time_and_starves_when_nothing_runs(self):
        supervisor, process = self.start_supervised(WATCHDOG_USEC="4000000")
        supervisor.next("READY")
        supervisor.next("WATCHDOG")
        begin = time.monotonic()
        for _ in range(2):
            supervisor.next("WATCHDOG")
        self.assertLess(time.monotonic() - begin, 5)
        process.send_signal(signal.SIGSTOP)
        supervisor.socket.settimeout(0.2)
        with contextlib.suppress(TimeoutError):  # what had been said before
            while True:
                supervisor.socket.recv(4096)
        supervisor.socket.settimeout(4)
        with self.assertRaises(TimeoutError):
            supervisor.socket.recv(4096)

    def test_a_reload_is_announced_with_its_time_and_its_end(self):
        supervisor, process = self.start_supervised()
        supervisor.next("READY")
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self.settings["site"] = "elsewhere"
        self.write()
        process.send_signal(signal.SIGHUP)
        begun = int(supervisor.next("RELOADING")["MONOTONIC_USEC"])
        self.assertLessEqual(before, begun)
        supervisor.next("READY")
        self.assertLessEqual(begun, time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)

    def test_a_faulty_configuration_is_refused_said_in_the_status_and_changes_nothing(self):
        supervisor, process = self.start_supervised()
        supervisor.next("READY")
        self.write('{"sit": "elsewhere"}')
        process.send_signal(signal.SIGHUP)
        supervisor.next("RELOADING")
        self.assertRegex(supervisor.next("READY")["STATUS"], "(?i)refused|faulty|not taken|wrong")
        self.assertEqual(json.loads(ask(self.port, "/api/v1/site")[1])["name"], "test")

    def test_a_configuration_that_cannot_start_is_refused_too(self):
        supervisor, process = self.start_supervised()
        supervisor.next("READY")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.settings["serve"]["listen"] = "127.0.0.1:%d" % taken.getsockname()[1]
            self.settings["site"] = "elsewhere"
            self.write()
            process.send_signal(signal.SIGHUP)
            supervisor.next("RELOADING")
            self.assertIn("refused", supervisor.next("READY")["STATUS"])
            self.assertEqual(json.loads(ask(self.port, "/api/v1/site")[1])["name"], "test")

    def test_what_these_tests_hear_systemds_own_client_says(self):
        supervisor = Supervisor(self.folder / "notify")
        self.addCleanup(supervisor.socket.close)
        subprocess.run(["systemd-notify", "--ready", "--no-block"], env={**os.environ, "NOTIFY_SOCKET": supervisor.path}, check=True)
        self.assertEqual(supervisor.next("READY")["READY"], "1")

    def test_sockets_that_systemd_listens_on_are_served_instead_of_those_of_the_configuration(self):
        handed, local = free_port(), self.folder / "handed.sock"
        self.start("systemd-socket-activate", "--listen", f"127.0.0.1:{handed}", "--listen", str(local))
        eventually("systemd listens", local.exists)
        self.assertEqual(ask(handed, "/healthz")[0], 200)  # starts the daemon and waits for it
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(local))
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertRegex(client.recv(4096), rb"^HTTP/1.1 200")
        self.assertIsNone(ask(self.port, "/healthz"))
        self.assertFalse((self.folder / "outaged.sock").exists())

    def test_a_credential_is_a_secret(self):
        credentials = self.folder / "credentials"
        credentials.mkdir()
        (credentials / "outaged_admin").write_text(TOKEN)
        self.settings["secrets"] = {"admin": {"credential": "outaged_admin"}}
        self.settings["serve"]["admin_token"] = "${secret:admin}"
        self.write()
        supervisor, _ = self.start_supervised(CREDENTIALS_DIRECTORY=str(credentials))
        supervisor.next("READY")
        note = "/api/v1/incidents/1/note"
        self.assertEqual(ask(self.port, note, b'{"text": "x"}', "a guess")[0], 401)
        self.assertEqual(ask(self.port, note, b'{"text": "x"}', TOKEN)[0], 404)  # let in; there is no incident


class UnitTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="outaged-units-")
        self.addCleanup(folder.cleanup)
        self.service = pathlib.Path(folder.name) / "outaged.service"
        text = (UNITS / "outaged.service.in").read_text().replace("@programs@", str(BIN))
        self.service.write_text(text)
        self.socket = pathlib.Path(folder.name) / "outaged.socket"
        self.socket.write_text((UNITS / "outaged.socket").read_text())

    def test_systemd_has_nothing_to_say_about_the_units(self):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(self.service), str(self.socket)],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_what_the_socket_unit_listens_on_outlives_the_service(self):
        service = configparser.ConfigParser(strict=False, interpolation=None)
        service.read(self.service)
        sockets = re.findall(r"^ListenStream=/run/([^/]+)/", self.socket.read_text(), re.MULTILINE)
        self.assertEqual(sockets, [service["Service"]["RuntimeDirectory"]])
        self.assertEqual(service["Service"]["RuntimeDirectoryPreserve"], "yes")

    def test_the_exposure_of_the_service_is_at_most_one_and_a_half(self):
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", str(self.service)],
                              capture_output=True, text=True)
        level = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
        self.assertIsNotNone(level, done.stdout + done.stderr)
        self.assertLessEqual(float(level[1]), 1.5)


class InstallationTest(unittest.TestCase):
    def test_the_manual_and_the_completion_know_every_command(self):
        text = subprocess.run([str(BIN / "outagectl"), "--help"], capture_output=True, text=True, check=True).stdout
        commands = re.findall(r"^  ([a-z-]+) ", text[text.index("Subcommands:"):text.index("Examples:")], re.MULTILINE)
        self.assertGreater(len(commands), 10)
        manual = (SOURCE / "packaging/man/outagectl.1").read_text()
        completion = (SOURCE / "packaging/completion/outagectl.bash").read_text().split("--config")[0]
        for command in commands:
            self.assertRegex(manual, rf'(?m)^\.B[RI]? "?{command}\b')
            self.assertRegex(completion, rf"\b{command}\b")

    def test_configuration_and_unit_name_the_places_that_it_was_installed_to(self):
        with tempfile.TemporaryDirectory(prefix="outaged-root-") as root:
            subprocess.run(["cmake", "--install", str(BIN.parent), "--prefix", "/opt/outaged"], check=True,
                           stdout=subprocess.DEVNULL, env=os.environ | {"DESTDIR": root})
            root = pathlib.Path(root)
            self.assertIn('"paths": ["/opt/outaged/share/outaged/probes"]', (root / "etc/outaged/outaged.json").read_text())
            self.assertTrue(any((root / "opt/outaged/share/outaged/probes").rglob("*.json")))
            unit = (root / "opt/outaged/lib/systemd/system/outaged.service").read_text()
            self.assertIn("\nExecStart=/opt/outaged/bin/outaged --config /etc/outaged/outaged.json\n", unit)
            self.assertTrue(os.access(root / "opt/outaged/bin/outaged", os.X_OK))


if __name__ == "__main__":
    unittest.main()
