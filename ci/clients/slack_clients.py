"""Lets the official Python clients loose on the twin's Slack.

    python slack_clients.py path/to/twin [twin's own arguments …]

Needs slack_sdk and slack_bolt. What they cannot do with the twin, the twin does wrong.
"""

import json
import queue
import subprocess
import sys
import time
import traceback
import urllib.request

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.webhook import WebhookClient

PATIENCE = 15


class Twin:
    """The running twin, and its people."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.strip():
            raise SystemExit(f"{command[0]} said nothing and exited {self.process.wait()}")
        self.card = json.loads(line)

    def __getattr__(self, name):
        return self.card[name]

    def tell(self, what, **arguments):
        request = urllib.request.Request(
            f"{self.control_url}/{what}",
            data=json.dumps(arguments).encode(),
            headers={"Content-Type": "application/json"},
        )
        return json.load(urllib.request.urlopen(request, timeout=PATIENCE))

    def ask(self, what):
        return json.load(urllib.request.urlopen(f"{self.control_url}/{what}", timeout=PATIENCE))

    def scopes(self):
        """What this company has granted to the bot."""
        return set(self.web().auth_test().headers["x-oauth-scopes"].split(","))

    def web(self):
        return WebClient(token=self.bot_token, base_url=self.slack_api_url + "/")

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE)


def eventually(what, look):
    """Asks until it is so: the twin tells no Python client of its changes."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE} s in vain for {what}")


def identity(twin):
    answer = twin.web().auth_test()
    assert answer["user_id"] == twin.bot_user, answer.data
    assert "chat:write" in answer.headers["x-oauth-scopes"], answer.headers


def team(twin):
    assert twin.web().team_info()["team"]["id"] == twin.team_id


def refusals(twin):
    for client, method, expected in [
        (WebClient(token="xoxb-nobody", base_url=twin.slack_api_url + "/"), "auth.test", "invalid_auth"),
        (twin.web(), "search.messages", "not_allowed_token_type"),
        (twin.web(), "files.upload", "method_deprecated"),
    ]:
        try:
            client.api_call(method)
        except SlackApiError as refused:
            assert refused.response["error"] == expected, refused.response.data
        else:
            raise AssertionError(f"{method} was not refused")


def history_in_pages(twin):
    seen = []
    for page in twin.web().conversations_history(channel=twin.busiest_channel, limit=7):
        seen += [message["ts"] for message in page["messages"]]
    assert len(seen) > 7, "one page proves nothing"
    assert seen == sorted(set(seen), reverse=True), "newest first, each once"


def replies_in_pages(twin):
    channel, root = twin.thread["channel"], twin.thread["ts"]
    seen = []
    for page in twin.web().conversations_replies(channel=channel, ts=root, limit=2):
        assert page["messages"][0]["ts"] == root, "the parent first"
        seen += [message["ts"] for message in page["messages"][1:]]
    parent = twin.web().conversations_replies(channel=channel, ts=root)["messages"][0]
    assert len(seen) == parent["reply_count"], (seen, parent)
    assert seen == sorted(set(seen)), "oldest first, each once"


def everybody(twin):
    members = []
    for page in twin.web().users_list(limit=3):
        members += page["members"]
    assert len({member["id"] for member in members}) == len(members) > 3
    assert any(member["is_bot"] for member in members)
    person = next(member for member in members if member["profile"].get("email") and not member["deleted"])
    found = twin.web().users_lookupByEmail(email=person["profile"]["email"])
    assert found["user"]["id"] == person["id"]


def visible(twin, channel):
    """Whether the bot may know of a conversation; group messages need a scope that it does not ask for."""
    try:
        return twin.web().conversations_info(channel=channel)["ok"]
    except SlackApiError as refused:
        assert refused.response["error"] == "missing_scope", refused.response.data
        return False


def channels(twin):
    found = []
    kinds = {"channels:read": "public_channel", "groups:read": "private_channel", "mpim:read": "mpim"}
    types = ",".join(kind for scope, kind in kinds.items() if scope in twin.scopes())
    for page in twin.web().conversations_list(types=types, limit=2):
        found += page["channels"]
    ours = {channel["id"] for channel in found if channel["is_member"]}
    theirs = set(twin.channels)
    if "mpim" not in types:
        groups = [c for c in twin.channels if not visible(twin, c)]
        assert len(groups) < len(theirs) / 2, groups
        theirs -= set(groups)
    assert theirs <= ours, (theirs, ours)


def a_digest_s_life(twin):
    """Blocks and metadata inside a form, as this SDK sends them."""
    web = twin.web()
    posted = web.chat_postMessage(
        channel=twin.busiest_channel,
        text="Where we stand",
        blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "*Where we stand* 🎉"}}],
        metadata={"event_type": "proof", "event_payload": {"key": "value"}},
        unfurl_links=False,
    )
    web.chat_postMessage(channel=posted["channel"], thread_ts=posted["ts"], text="in detail")
    web.chat_update(channel=posted["channel"], ts=posted["ts"], text="Where we stood")
    thread = web.conversations_replies(channel=posted["channel"], ts=posted["ts"], include_all_metadata=True)
    parent, reply = thread["messages"]
    assert (parent["text"], reply["text"]) == ("Where we stood", "in detail"), thread.data
    assert parent["metadata"]["event_type"] == "proof", parent
    assert web.chat_getPermalink(channel=posted["channel"], message_ts=reply["ts"])["permalink"].count(parent["ts"]) == 1
    try:
        web.chat_postMessage(channel=posted["channel"], text="x", blocks=[{"type": "header"}])
    except SlackApiError as refused:
        assert refused.response["error"] == "invalid_blocks", refused.response.data
    else:
        raise AssertionError("a header without text was taken")


def a_reaction(twin):
    web = twin.web()
    posted = web.chat_postMessage(channel=twin.busiest_channel, text="look")
    web.reactions_add(channel=posted["channel"], timestamp=posted["ts"], name="eyes")
    told = web.reactions_get(channel=posted["channel"], timestamp=posted["ts"])["message"]["reactions"]
    assert [(reaction["name"], reaction["users"]) for reaction in told] == [("eyes", [twin.bot_user])], told


def rate_limit(twin):
    twin.tell("fault", fault="rate_limited", seconds=1, operation="users.info", times=1)
    web = twin.web()
    web.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    began = time.monotonic()
    web.users_info(user=twin.bot_user)
    assert time.monotonic() - began >= 1, "Retry-After was not there to be obeyed"


def bolt(twin):
    """Bolt answers a command with a payload and a response URL, a direct message and a mention in threads."""
    heard = queue.Queue()
    app = App(client=twin.web())

    @app.command("/caughtup")
    def command(ack, respond, command):
        ack("On it")
        respond(text=f"you said {command['text']}", response_type="ephemeral")
        heard.put("command")

    @app.event("message")
    def message(event, say):
        if event.get("channel_type") == "im":
            say(text="here is your digest", thread_ts=event["ts"])
        heard.put("message")

    @app.event("app_mention")
    def mention(event, say):
        say(text="at your service", thread_ts=event["ts"])
        heard.put("mention")

    handler = SocketModeHandler(app, twin.app_token)
    handler.connect()
    try:
        eventually("a connection", lambda: twin.ask("connections")["connections"] == 1)
        user = twin.users[0]
        twin.tell("command", user=user, channel=twin.busiest_channel, text="full status")
        assert heard.get(timeout=PATIENCE) == "command"
        lines = eventually("both lines", lambda: [line for line in twin.ask("ephemerals") if line["user"] == user][1:])
        texts = {line["text"] for line in twin.ask("ephemerals")}
        assert {"On it", "you said full status"} <= texts, lines

        said = twin.tell("message", user=user, channel=twin.bot_user, text="get me caught up")
        assert heard.get(timeout=PATIENCE) == "message"
        thread = twin.web().conversations_replies(channel=said["channel"], ts=said["ts"])["messages"]
        assert thread[-1]["text"] == "here is your digest", thread

        channel = twin.channels[0]
        said = twin.tell("message", user=user, channel=channel, text=f"<@{twin.bot_user}> status?")
        assert {heard.get(timeout=PATIENCE), heard.get(timeout=PATIENCE)} == {"message", "mention"}
        thread = twin.web().conversations_replies(channel=channel, ts=said["ts"])["messages"]
        assert thread[-1]["text"] == "at your service", thread
        eventually(
            "every acknowledgement",
            lambda: all(envelope["after_ms"] is not None for envelope in twin.ask("acknowledgements")),
        )
    finally:
        handler.close()
    eventually("the socket to be closed", lambda: twin.ask("connections")["connections"] == 0)


def plain_socket_mode(twin):
    """The SDK's own client, through a refresh and a cut."""
    heard = queue.Queue()
    client = SocketModeClient(app_token=twin.app_token, web_client=twin.web(), ping_interval=1)

    def listen(client, request):
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        if request.type == "slash_commands":
            heard.put((request.payload["text"], request.payload["response_url"]))

    client.socket_mode_request_listeners.append(listen)
    client.connect()
    try:
        for text, trouble in [("one", None), ("two", "refresh_requested"), ("three", "drop")]:
            if trouble:
                before = client.session_id()
                twin.tell("disconnect", how=trouble)
                eventually(
                    f"a new session after {trouble}",
                    lambda: client.session_id() != before and twin.ask("connections")["connections"] == 1,
                )
            twin.tell("command", user=twin.users[0], channel=twin.channels[0], text=text)
            said, url = heard.get(timeout=PATIENCE)
            assert said == text, said
        assert WebhookClient(url).send(text="done", response_type="ephemeral").status_code == 200
    finally:
        client.close()


CHECKS = [
    identity,
    team,
    refusals,
    history_in_pages,
    replies_in_pages,
    everybody,
    channels,
    a_digest_s_life,
    a_reaction,
    rate_limit,
    bolt,
    plain_socket_mode,
]

# Checks that cannot be made without a scope which the bot itself does not ask for.
NEEDS = {team: "team:read", a_reaction: "reactions:write"}


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    twin = Twin([sys.argv[1], "--json", *sys.argv[2:]])
    passed = failed = 0
    try:
        granted = twin.scopes()
        for check in CHECKS:
            if check in NEEDS and NEEDS[check] not in granted:
                print(f"left out: {check.__name__}, for want of {NEEDS[check]}")
                continue
            try:
                check(twin)
                passed += 1
                print(f"ok    {check.__name__}", flush=True)
            except Exception:
                failed += 1
                print(f"FAILED {check.__name__}\n{traceback.format_exc()}", flush=True)
        unknown = twin.ask("ledger")["unknown"]
        if unknown:
            failed += 1
            print(f"FAILED no unknown calls: {unknown}")
        else:
            passed += 1
    finally:
        code = twin.stop()
    if code != 0:
        failed += 1
        print(f"FAILED the twin ended with {code} on SIGTERM")
    else:
        passed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
