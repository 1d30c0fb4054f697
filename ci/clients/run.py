#!/usr/bin/env python3
"""Starts the twin and lets clients that others wrote loose on it: Slack's official ones, then Jira's and Confluence's.

    run.py path/to/twin

Ends every process that it starts, and closes with one line: "N passed, N failed".
"""

import base64
import json
import pathlib
import re
import subprocess
import sys
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).parent
PATIENCE = 300
COUNTS = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


def run(script, *arguments):
    """Runs one suite and gives what passed and what failed; a suite that dies has failed."""
    try:
        done = subprocess.run(
            [sys.executable, HERE / script, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=False,
        )
    except subprocess.TimeoutExpired as late:
        print((late.stdout or b"").decode(), f"{script} did not end within {PATIENCE} s", sep="")
        return 0, 1
    print(done.stdout, end="", flush=True)
    counts = COUNTS.findall(done.stdout)
    if not counts:
        print(f"{script} ended with {done.returncode} and told no numbers")
        return 0, 1
    passed, failed = map(int, counts[-1])
    if done.returncode != 0 and failed == 0:
        print(f"{script} ended with {done.returncode}")
        failed = 1
    return passed, failed


class Twin:
    """A running twin with its card: where everything is, and who may sign in."""

    def __init__(self, binary, world):
        self.process = subprocess.Popen(
            [binary, "--json", "--world", world], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        if not line.strip():
            raise SystemExit(f"{binary} said nothing and ended with {self.process.wait()}")
        self.card = json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def get(self, path, **query):
        account = self.card["atlassian"]
        signed = base64.b64encode(f"{account['email']}:{account['token']}".encode()).decode()
        url = f"{self.card['site']}{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(url, headers={"Authorization": f"Basic {signed}"})
        return json.load(urllib.request.urlopen(request, timeout=30))

    def page(self):
        """The page with the longest past."""
        pages = self.get("/wiki/api/v2/pages", limit=250)["results"]
        return max(pages, key=lambda page: page["version"]["number"])["id"]

    def project(self):
        """The first project there is."""
        return self.get("/rest/api/3/project/search")["values"][0]["key"]


def atlassian(binary, world):
    with Twin(binary, world) as twin:
        account = twin.card["atlassian"]
        return run(
            "atlassian_clients.py", "--site", twin.card["site"], "--email", account["email"], "--token", account["token"],
            "--jql", f"project = {twin.project()} ORDER BY created DESC", "--page", twin.page(),
        )


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    binary = sys.argv[1]
    total_passed = total_failed = 0
    suites = [
        # With the scopes of the bot's manifest, and 1,500 messages.
        ("Slack's clients in the story's company", lambda: run("slack_clients.py", binary, "--world", "story")),
        # With every scope.
        ("Slack's clients in the small company", lambda: run("slack_clients.py", binary, "--world", "small")),
        ("Jira's and Confluence's clients in the story's company", lambda: atlassian(binary, "story")),
    ]
    for name, suite in suites:
        print(f"-- {name}", flush=True)
        passed, failed = suite()
        total_passed += passed
        total_failed += failed
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed or not total_passed else 0


if __name__ == "__main__":
    sys.exit(main())
