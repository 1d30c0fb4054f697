"""What the official clients of Anthropic and OpenAI say of their messages (see specs.py)."""

import json

import jsonschema

CALLS = ("POST /v1/messages", "POST /v1/chat/completions")


class Models:
    """The messages of Anthropic and OpenAI, from the types of their official clients."""

    def __init__(self, folder, problems_of):
        self.problems_of = problems_of
        self.validators = {}
        for key, name in {
            ("anthropic", "request"): "anthropic_sdk-*_MessageCreateParams",
            ("anthropic", "response"): "anthropic_sdk-*_Message",
            ("anthropic", "event"): "anthropic_sdk-*_StreamEvent",
            ("openai", "response"): "openai_sdk-*_ChatCompletion",
            ("openai", "event"): "openai_sdk-*_ChatCompletionChunk",
        }.items():
            newest = max(folder.glob(f"{name}.schema.json"))
            self.validators[key] = jsonschema.Draft202012Validator(json.loads(newest.read_text()))

    def request(self, vendor, exchange):
        body = exchange["request"]
        if not isinstance(body, dict):
            yield "no body"
            return
        validator = self.validators.get((vendor, "request"))
        if validator is None:
            # OpenAI's types of requests are no models that a schema can be made of.
            for name in ("model", "messages"):
                if name not in body:
                    yield f"'{name}' is missing"
            return
        # The schema is of the call that waits; one that streams differs in this one word.
        body = {**body, "stream": False}
        yield from (f"body {problem}" for problem in self.problems_of(validator, body))
        for name in body:
            if name not in validator.schema["properties"]:
                yield f"'{name}' is not in the document"

    def response(self, vendor, exchange):
        answer = exchange["response"]
        if isinstance(answer, dict) and "events" in answer:
            if not answer["events"]:
                yield "a stream without events"
            for event in answer["events"]:
                yield from (f"event {problem}" for problem in self.problems_of(self.validators[(vendor, "event")], event))
            return
        yield from (f"answer {problem}" for problem in self.problems_of(self.validators[(vendor, "response")], answer))


ASKED = {
    "model": "claude-opus-5-5", "max_tokens": 9, "messages": [{"role": "user", "content": "x"}],
    "system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}],
}
SAID = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-5-5", "stop_reason": "end_turn",
    "content": [{"type": "text", "text": "x"}], "usage": {"input_tokens": 1, "output_tokens": 1},
}
COMPLETED = {
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-6",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x"}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}


def broken(exchange):
    """Whole exchanges, each with changes that must not pass: (path into the exchange, value)."""
    return [
        (
            exchange("anthropic", "POST /v1/messages", ASKED, SAID),
            [(("request", "max_tokens"), "nine"), (("request", "messages", 0, "role"), "nobody"), (("request", "temperature"), 0),
             (("request", "system", 0, "cache_control", "type"), "for ever"), (("response", "content"), "x"),
             (("response", "stop_reason"), "tired"), (("response", "usage", "input_tokens"), "one")],
        ),
        (
            exchange("anthropic", "POST /v1/messages", ASKED, {"events": [{"type": "message_stop"}]}),
            [(("response", "events", 0, "type"), "no_such_event"), (("response", "events"), [])],
        ),
        (
            exchange("openai", "POST /v1/chat/completions", {"model": "gpt-6", "messages": []}, COMPLETED),
            [(("request",), {"model": "gpt-6"}), (("response", "choices", 0, "finish_reason"), "tired"),
             (("response", "usage", "total_tokens"), None)],
        ),
    ]
