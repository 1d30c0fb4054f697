#!/usr/bin/env python3
"""Checks a twin's record against the vendors' own documents.

    specs.py RECORD DOCUMENTS [--manifest manifest.yml]

RECORD is the file of JSON lines that the twin writes (`Options::record`). Every Jira, Confluence and
Slack request that was taken, and every answer, is validated against the document in the folder
DOCUMENTS. Each violation is printed once, with how often it occurred. What a fault answered is not
the vendor's and is skipped; what was asked is checked all the same. Before the record, exchanges
that are broken on purpose are shown to the same checks: one that passes fails the whole.
Needs `jsonschema`; `PyYAML` too when the manifest is YAML.
"""

import argparse
import collections
import copy
import json
import pathlib
import re
import sys

import jsonschema

import model_specs

MOST_WORDS = 260


class Tally:
    """What held and what did not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.violations = collections.Counter()

    def check(self, where, problems):
        problems = list(problems)
        if problems:
            self.failed += 1
        else:
            self.passed += 1
        for problem in dict.fromkeys(problems):
            self.violations[f"{where}: {problem}"] += 1


def load(folder, name):
    path = folder / name
    return json.loads(path.read_text()) if path.exists() else None


def patch(document, operations):
    """Applies the `add` and `replace` of a JSON Patch."""
    for operation in operations or []:
        *parts, last = [p.replace("~1", "/").replace("~0", "~") for p in operation["path"].split("/")[1:]]
        target = document
        for part in parts:
            target = target.setdefault(part, {})
        target[last] = operation["value"]
    return document


def plain_schema(schema):
    """OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, `oneOf` of look-alikes `anyOf`."""
    if isinstance(schema, list):
        return [plain_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    # `format: string` and the like are remarks; times carry an offset that RFC 3339 does not know.
    out = {k: plain_schema(v) for k, v in schema.items() if k not in ("nullable", "format", "example", "discriminator")}
    if isinstance(out.get("oneOf"), list):
        # Documents list unions whose members all fit the same value; Confluence's body is one.
        out["anyOf"] = out.pop("oneOf")
    if schema.get("nullable") is True:
        rest = {key: out.pop(key) for key in list(out) if key != "description"}
        out["anyOf"] = [rest, {"type": "null"}]
    return out


def words(error):
    place = "/".join("*" if isinstance(part, int) else str(part) for part in error.absolute_path)
    message = error.message if len(error.message) <= MOST_WORDS else error.message[:MOST_WORDS] + "…"
    return f"at {place or '(root)'}: {message}"


def problems_of(validator, value):
    for error in validator.iter_errors(value):
        best = jsonschema.exceptions.best_match([error])
        yield words(best or error)


class OpenApi:
    """One OpenAPI 3 document: finds operations and validates against them."""

    def __init__(self, document, prefix=""):
        self.components = plain_schema(document.get("components", {}))
        self.bodies = document.get("components", {}).get("requestBodies", {})
        self.routes = []
        self.validators = {}
        for template, item in document["paths"].items():
            parts = (prefix + template).strip("/").split("/")
            for method, operation in item.items():
                if method in ("get", "post", "put", "delete", "patch"):
                    shared = item.get("parameters", [])
                    self.routes.append((method.upper(), parts, prefix + template, operation, shared))

    def find(self, method, path):
        given = path.strip("/").split("/")
        hits = []
        for route in self.routes:
            parts = route[1]
            if route[0] == method and len(parts) == len(given):
                if all(p.startswith("{") or p == g for p, g in zip(parts, given)):
                    hits.append((sum(p.startswith("{") for p in parts), route))
        return min(hits, key=lambda hit: hit[0])[1] if hits else None

    def validator(self, key, schema):
        if key not in self.validators:
            root = {"allOf": [plain_schema(schema)], "components": self.components}
            self.validators[key] = jsonschema.Draft7Validator(root)
        return self.validators[key]

    def request(self, route, exchange):
        method, _, template, operation, shared = route
        parameters = {p["name"]: p for p in [*shared, *operation.get("parameters", [])] if p.get("in") == "query" and "name" in p}
        given = collections.defaultdict(list)
        for name, value in exchange["query"]:
            given[name].append(value)
        for name, parameter in parameters.items():
            if parameter.get("required") and name not in given:
                yield f"query parameter '{name}' is required"
        for name, values in given.items():
            if name not in parameters:
                yield f"query parameter '{name}' is not in the document"
                continue
            schema = parameters[name].get("schema", {})
            schema = self.resolve(schema)
            for value in values:
                yield from self.query_value(name, schema, value)
        body = operation.get("requestBody")
        if body and "$ref" in body:
            body = self.bodies[body["$ref"].rsplit("/", 1)[1]]
        content = (body or {}).get("content", {}).get("application/json")
        if content and "schema" in content and (exchange["request"] is not None or body.get("required")):
            validator = self.validator((method, template, "request"), content["schema"])
            yield from (f"body {problem}" for problem in problems_of(validator, exchange["request"]))
        elif exchange["request"] is not None and not body:
            yield "a body where the document has none"

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.components["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def query_value(self, name, schema, value):
        kind = schema.get("type")
        if kind == "array":
            items = self.resolve(schema.get("items", {}))
            for part in value.split(","):
                yield from self.query_value(name, items, part.strip())
        elif kind == "integer" and not re.fullmatch(r"-?\d+", value):
            yield f"query parameter '{name}' is no integer"
        elif kind == "boolean" and value not in ("true", "false"):
            yield f"query parameter '{name}' is no boolean"
        elif "enum" in schema and value not in schema["enum"]:
            yield f"query parameter '{name}' has a value outside its list: {value}"

    def response(self, route, exchange):
        method, _, template, operation, _ = route
        status = exchange["status"]
        answers = operation.get("responses", {})
        answer = answers.get(str(status)) or answers.get("default")
        if answer is None:
            # Documents leave many errors out; a success that they leave out is another answer.
            if 200 <= status < 300:
                yield f"status {status} is not in the document"
            return
        content = next((c for kind, c in answer.get("content", {}).items() if kind.startswith(("application/json", "*/*"))), None)
        if content and "schema" in content:
            validator = self.validator((method, template, status), content["schema"])
            yield from (f"answer {problem}" for problem in problems_of(validator, exchange["response"]))


def documents_in(value):
    """Every ADF document inside a value."""
    if isinstance(value, dict):
        if value.get("type") == "doc" and "content" in value:
            yield value
            return
        for part in value.values():
            yield from documents_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from documents_in(part)


# The types of Slack's answers were generated from samples, one method at a time, and are narrower in
# places than Slack's own pages. Each of these says which definitions (by the end of their names) get
# which property, and why. Nothing else is tolerated.
WIDER = [
    # Blocks are checked against Block Kit's own schema, one by one. The samples knew but a few kinds.
    (("Message", "MessageElement", "Root"), "blocks", {"type": "array"}),
    # Every message that a person's client sent has one, in channels and in threads:
    # `conversations.history`'s type knows it, that of `conversations.replies` had no such sample.
    (("MessageElement",), "client_msg_id", {"type": "string"}),
    # Replies that were also sent to the channel, and deleted parents: message subtypes `thread_broadcast` and
    # `tombstone` (docs.slack.dev/reference/events/message). `conversations.history`'s type knows both properties.
    (("MessageElement",), "subtype", {"type": "string"}),
    (("MessageElement",), "hidden", {"type": "boolean"}),
    # The name under which an integration posts, in a thread as elsewhere: in `conversations.history`'s type.
    (("MessageElement",), "username", {"type": "string"}),
    # The first message of a thread, beside a reply that was also sent to the channel: a whole message
    # (docs.slack.dev/reference/events/message/thread_broadcast).
    (("MessageElement", "ResponseMessage"), "root", {"$ref": "#/definitions/FieldMessage"}),
    # An app puts into its metadata what it likes (docs.slack.dev/messaging/message-metadata).
    (("Metadata",), "event_payload", {"type": "object"}),
    # Whether somebody is of another organisation: `users.info`'s type knows it, and the page of the user
    # object (docs.slack.dev/reference/objects/user-object).
    (("Member", "User"), "is_stranger", {"type": "boolean"}),
]

# Properties that a definition need not know already to be given them.
ADDED = {"client_msg_id", "subtype", "hidden", "username", "root", "is_stranger"}


def wider(schema):
    """An answer's schema with what [`WIDER`] adds."""
    for name, definition in schema["definitions"].items():
        for endings, key, value in WIDER:
            if "properties" in definition and name.endswith(endings):
                if key in definition["properties"] or key in ADDED:
                    definition["properties"][key] = value
    return schema


def freer(schema):
    """The arguments of a post. Their type says of `event_payload` that it is "a free-form object containing
    whatever data your application wishes", and then knows no list of words; ours lists program keys."""
    for kind in schema["definitions"]["ChatPostMessageArguments"]["anyOf"]:
        payload = kind["properties"]["metadata"]["properties"]["event_payload"]
        payload["additionalProperties"] = True
    return schema


def charts(schema):
    """The blocks with `data_visualization`, which is newer than the published schema (June 2026). Its shape and limits:
    https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block"""
    if not schema:
        return schema
    label = {"type": "string", "minLength": 1, "maxLength": 20}
    title = {"type": "string", "maxLength": 50}

    def thing(required, **properties):
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def list_of(items, most):
        return {"type": "array", "items": items, "minItems": 1, "maxItems": most}

    point = thing(["label", "value"], label=label, value={"type": "number"})
    series = thing(["name", "data"], name=label, data=list_of(point, 20))
    axes = thing(["categories"], categories={"type": "array", "items": label}, x_label=title, y_label=title)
    chart = {"anyOf": [
        thing(["type", "segments"], type={"const": "pie"}, segments=list_of(point, 6)),
        thing(["type", "series", "axis_config"], type={"enum": ["bar", "area", "line"]}, series=list_of(series, 6),
              axis_config=axes),
    ]}
    schema["definitions"]["DataVisualizationBlock"] = thing(
        ["type", "title", "chart"], type={"type": "string", "const": "data_visualization"}, title=title, chart=chart,
        block_id={"type": "string", "maxLength": 255})
    schema["definitions"]["KnownBlock"]["anyOf"].append({"$ref": "#/definitions/DataVisualizationBlock"})
    return schema


def messages_in(value):
    """Every message inside an answer, the roots of broadcast replies too."""
    if isinstance(value, dict):
        if "ts" in value and "type" in value:
            yield value
        for key in ("messages", "message", "root"):
            yield from messages_in(value.get(key))
    elif isinstance(value, list):
        for part in value:
            yield from messages_in(part)


class Slack:
    """Slack's methods, Block Kit and answers."""

    ANSWERS = {
        "apps.connections.open": "AppsConnectionsOpen", "auth.test": "AuthTest", "chat.postMessage": "ChatPostMessage",
        "conversations.history": "ConversationsHistory", "conversations.list": "ConversationsList",
        "conversations.replies": "ConversationsReplies", "users.info": "UsersInfo", "users.list": "UsersList",
    }
    JSON_ARGUMENTS = ("blocks", "attachments", "metadata", "view")

    def __init__(self, folder):
        document = load(folder, "slack_web_openapi_v2.json") or {"paths": {}}
        self.methods = {}
        for path, item in document["paths"].items():
            for operation in item.values():
                self.methods.setdefault(path.strip("/"), operation)
        self.blocks = self.draft7(charts(load(folder, "slack_blockkit_KnownBlock.schema.json")))
        self.post = self.draft7(freer(load(folder, "slack_ChatPostMessageArguments.schema.json")))
        self.answers = {}
        for method, name in self.ANSWERS.items():
            schema = load(folder, f"slack_{name}Response.schema.json")
            if schema:
                self.answers[method] = self.draft7(wider(schema))
        self.seen_blocks = {}

    @staticmethod
    def draft7(schema):
        return jsonschema.Draft7Validator(schema) if schema else None

    def arguments(self, exchange):
        """The arguments as a client meant them, whether they came as JSON, a form or a query."""
        arguments = dict(exchange["query"])
        if isinstance(exchange["request"], dict):
            arguments.update(exchange["request"])
        is_json = (exchange.get("content_type") or "").startswith("application/json")
        for name, value in arguments.items():
            if isinstance(value, str) and name in self.JSON_ARGUMENTS:
                try:
                    arguments[name] = json.loads(value)
                except ValueError:
                    pass
            elif isinstance(value, str) and not is_json and value in ("true", "false"):
                arguments[name] = value == "true"
        return arguments

    def request(self, method, exchange):
        arguments = self.arguments(exchange)
        for parameter in self.methods.get(method, {}).get("parameters", []):
            name = parameter["name"]
            if name == "token":
                continue
            if parameter.get("required") and name not in arguments:
                yield f"argument '{name}' is required"
            if parameter.get("type") == "integer" and not re.fullmatch(r"-?\d+", str(arguments.get(name, 0))):
                yield f"argument '{name}' is no integer"
        blocks = arguments.get("blocks")
        if isinstance(arguments.get("view"), dict):
            blocks = arguments["view"].get("blocks")
        if blocks is not None and self.blocks:
            if not isinstance(blocks, list):
                yield "argument 'blocks' is no list"
            else:
                for block in blocks:
                    kind = block.get("type") if isinstance(block, dict) else "?"
                    yield from (f"{kind} block {problem}" for problem in self.block(kind, block))
        if method == "chat.postMessage" and self.post:
            arguments.pop("token", None)
            # Blocks have been looked at one by one, with better words.
            rest = {name: value for name, value in arguments.items() if name not in ("blocks", "attachments")}
            if not self.post.is_valid({**rest, **({"blocks": []} if blocks else {})}):
                # SDKs send arguments that are none of the types' (`team_id`, `username: null`).
                known = {name: value for name, value in rest.items() if value is not None and name != "team_id"}
                error = jsonschema.exceptions.best_match(self.post.iter_errors({**known, **({"blocks": []} if blocks else {})}))
                if error:
                    yield f"arguments {words(error)}"

    def block(self, kind, block):
        text = json.dumps(block, sort_keys=True)
        if text not in self.seen_blocks:
            self.seen_blocks[text] = list(self.block_problems(kind, block))
        return self.seen_blocks[text]

    def block_problems(self, kind, block):
        if self.blocks.is_valid(block):
            return
        name = next(
            (n for n, d in self.blocks.schema["definitions"].items()
             if d.get("properties", {}).get("type", {}).get("const") == kind and n.endswith("Block")), None)
        if name is None:
            yield f"unknown type {kind}"
            return
        one = jsonschema.Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": self.blocks.schema["definitions"]})
        yield words(jsonschema.exceptions.best_match(one.iter_errors(block)) or next(self.blocks.iter_errors(block)))

    def response(self, method, exchange):
        validator = self.answers.get(method)
        if validator:
            yield from (f"answer {problem}" for problem in problems_of(validator, exchange["response"]))
        for message in messages_in(exchange["response"]):
            for block in message.get("blocks") or []:
                kind = block.get("type") if isinstance(block, dict) else "?"
                yield from (f"answer's {kind} block {problem}" for problem in self.block(kind, block))


class Vendors:
    """All documents together: which of them speaks of an exchange, and what it says."""

    def __init__(self, folder):
        jira = patch(load(folder, "jira-platform-v3.openapi.json"), load(folder, "jira-v3.knpkv-patch.json"))
        confluence = patch(load(folder, "confluence-v2.openapi.json"), load(folder, "confluence-v2.knpkv-patch.json"))
        self.documents = [
            OpenApi(jira),
            OpenApi(load(folder, "jira-software-2025-06.openapi.json")),
            OpenApi(confluence, "/wiki/api/v2"),
            OpenApi(load(folder, "confluence-v1.openapi.json")),
        ]
        self.slack = Slack(folder)
        self.models = model_specs.Models(folder, problems_of)
        self.adf = jsonschema.Draft4Validator(load(folder, "adf-full.atlaskit.json"))
        self.seen_documents = set()
        self.unchecked = collections.Counter()

    def check(self, exchange, tally):
        if exchange["vendor"] == "slack":
            self.check_slack(exchange, tally)
        elif exchange["vendor"] in ("anthropic", "openai"):
            self.check_model(exchange, tally)
        else:
            self.check_atlassian(exchange, tally)

    def check_slack(self, exchange, tally):
        if exchange["unknown"]:
            return
        method = exchange["operation"].split(" ")[-1].removeprefix("/api/")
        answered = exchange["status"] == 200 and not exchange["faulted"]
        taken = answered and isinstance(exchange["response"], dict) and exchange["response"].get("ok")
        if taken or exchange["faulted"]:
            tally.check(f"slack {method}", self.slack.request(method, exchange))
        if answered:
            tally.check(f"slack {method}", self.slack.response(method, exchange))

    def check_model(self, exchange, tally):
        vendor, operation = exchange["vendor"], exchange["operation"]
        if exchange["unknown"] or operation not in model_specs.CALLS:
            self.unchecked[operation] += 1
            return
        # What was refused as malformed was malformed on purpose.
        if exchange["faulted"] or exchange["status"] != 400:
            tally.check(f"{vendor} {operation}", self.models.request(vendor, exchange))
        if exchange["status"] == 200 and not exchange["faulted"]:
            tally.check(f"{vendor} {operation}", self.models.response(vendor, exchange))

    def check_atlassian(self, exchange, tally):
        operation = exchange["operation"]
        verb = operation.split(" ", 1)[0]
        found = next(((d, r) for d in self.documents if (r := d.find(verb, exchange["path"]))), None)
        if found is None or exchange["unknown"]:
            # Version 2 of Jira's platform and Confluence's retired calls have no document here.
            self.unchecked[operation] += 1
            return
        document, route = found
        faulted, refused = exchange["faulted"], exchange["status"] >= 400
        sides = []
        if faulted or not refused:
            tally.check(operation, document.request(route, exchange))
            sides.append(exchange["request"])
        if not faulted:
            tally.check(operation, document.response(route, exchange))
            sides.append(exchange["response"])
        if "/rest/api/3/" in exchange["path"]:
            for value in documents_in(sides):
                text = json.dumps(value, sort_keys=True)
                if text not in self.seen_documents:
                    self.seen_documents.add(text)
                    tally.check(f"{operation} ADF", problems_of(self.adf, value))


def exchange(vendor, operation, request=None, response=None, query=(), **more):
    """An exchange as the twin records it."""
    return {
        "vendor": vendor, "operation": operation, "path": operation.split(" ")[-1], "query": list(query),
        "content_type": "application/json", "request": request, "status": 200, "response": response,
        "unknown": False, "faulted": False, **more,
    }


def paragraph(kind):
    return {"type": "doc", "version": 1, "content": [{"type": kind, "content": [{"type": "text", "text": "x"}]}]}


# Whole exchanges, each with changes that must not pass: (path into the exchange, value).
HEADER = {"type": "header", "text": {"type": "plain_text", "text": "Where we stand"}}
MESSAGE = {"type": "message", "ts": "1.000001", "user": "U1", "text": "x", "blocks": [HEADER]}
BROKEN = [
    (
        exchange("slack", "chat.postMessage", {"channel": "C1", "text": "x", "blocks": [HEADER]},
                 {"ok": True, "channel": "C1", "ts": "1.000001", "message": MESSAGE}),
        [(("request", "blocks", 0), {"type": "header"}), (("request", "blocks", 0, "type"), "no_such_block"),
         (("request", "channel"), 7), (("response", "message", "blocks", 0), {"type": "header"}),
         (("response", "no_such_field"), 1)],
    ),
    (
        exchange("slack", "conversations.history", None, {"ok": True, "messages": [MESSAGE], "has_more": False},
                 [["channel", "C1"], ["limit", "999"]]),
        [(("query",), [["channel", "C1"], ["limit", "many"]]), (("response", "messages", 0, "ts"), 1.5),
         (("response", "messages", 0, "no_such_field"), 1)],
    ),
    (
        exchange("slack", "views.open", {"trigger_id": "1.2.3", "view": {"type": "modal", "blocks": [HEADER]}}, {"ok": True}),
        [(("request", "view", "blocks", 0), {"type": "header"}), (("request", "view", "blocks", 0, "type"), "no_such_block"),
         (("request",), {"view": {"type": "modal", "blocks": [HEADER]}})],
    ),
    (
        exchange("jira", "POST /rest/api/3/search/jql", {"jql": "project = X", "maxResults": 50, "fields": ["summary"]},
                 {"issues": [{"id": "1", "key": "X-1", "fields": {"description": paragraph("paragraph")}}], "isLast": True}),
        [(("request", "maxResults"), "fifty"), (("request", "no_such_argument"), 1), (("response", "issues"), {}),
         (("response", "issues", 0, "key"), 1), (("response", "issues", 0, "fields", "description"), paragraph("no_such_node")),
         (("query",), [["no_such_parameter", "1"]])],
    ),
    (
        # What a fault answered is nobody's; what was asked counts.
        exchange("jira", "POST /rest/api/3/search/jql", {"jql": "project = X", "maxResults": 50}, "garbage", faulted=True, status=500),
        [(("request", "maxResults"), "fifty")],
    ),
    (
        exchange("confluence", "GET /wiki/api/v2/pages/98304", None, {"id": "98304", "status": "current", "title": "x"},
                 [["body-format", "storage"]]),
        [(("query",), [["body-format", "no_such_format"]]), (("response", "id"), 98304), (("status",), 299)],
    ),
    *model_specs.broken(exchange),
]


def prove(vendors):
    """That what is whole passes and what is broken does not; gives how many broken ones were refused."""
    refused = 0
    for whole, changes in BROKEN:
        tally = Tally()
        vendors.check(whole, tally)
        if tally.failed or not tally.passed:
            raise SystemExit(f"a whole exchange is refused: {whole['operation']}: {list(tally.violations)}")
        for path, value in changes:
            broken = copy.deepcopy(whole)
            place = broken
            for part in path[:-1]:
                place = place[part]
            place[path[-1]] = value
            tally = Tally()
            vendors.check(broken, tally)
            if not tally.failed:
                raise SystemExit(f"a broken exchange passes: {whole['operation']} with {path} = {value!r}")
            refused += 1
    return refused


def check_record(record, vendors, tally):
    repeated = set()
    with record.open() as lines:
        for line in lines:
            # A record of all tests is hundreds of megabytes: what was said before is known by its hash.
            if hash(line) in repeated:
                continue
            repeated.add(hash(line))
            exchange = json.loads(line)
            # Nothing was answered: a hung or cut call, of which the request still counts when faulted.
            if exchange["status"] == 0 and not exchange["faulted"]:
                continue
            vendors.check(exchange, tally)
    for operation, count in sorted(vendors.unchecked.items()):
        print(f"not in the documents: {operation} ({count})")


def check_manifest(path, folder, tally):
    text = path.read_text()
    if path.suffix == ".json":
        manifest = json.loads(text)
    else:
        import yaml

        manifest = yaml.safe_load(text)
    version = str((manifest.get("_metadata") or {}).get("major_version", 2))
    schema = load(folder, f"slack_manifest.schema.{version}.0.0.json")
    problems = problems_of(jsonschema.Draft7Validator(schema), manifest) if schema else [f"no schema of version {version}"]
    tally.check("manifest", problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", type=pathlib.Path)
    parser.add_argument("documents", type=pathlib.Path)
    parser.add_argument("--manifest", type=pathlib.Path)
    arguments = parser.parse_args()
    if not (arguments.documents / "jira-platform-v3.openapi.json").exists():
        parser.error(f"no documents in {arguments.documents}")
    vendors = Vendors(arguments.documents)
    print(f"{prove(vendors)} exchanges that are broken on purpose are refused")
    tally = Tally()
    check_record(arguments.record, vendors, tally)
    if arguments.manifest:
        check_manifest(arguments.manifest, arguments.documents, tally)
    for violation, count in tally.violations.most_common():
        print(f"{count:6} × {violation}")
    print(f"{tally.passed} passed, {tally.failed} failed")
    # A record that holds nothing proves nothing.
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
