"""What the AsyncAPI document says: brokers, registry, topics, and what each record must be."""

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

REQUEST_S = 20
ATTEMPTS = 30


@dataclass(frozen=True)
class Message:
    """A kind of record, told by its header ce_type."""

    name: str
    ce_type: str
    headers: dict[str, Any]
    schema: dict[str, Any]
    subject: str


@dataclass(frozen=True)
class Channel:
    """A topic with the messages that it carries, by ce_type."""

    topic: str
    kind: str
    partitions: int
    kept_for_ever: bool
    messages: dict[str, Message]


class Document:
    def __init__(self, document: dict[str, Any]):
        self._document = document
        self.servers = list(document["servers"].values())
        self.channels = [self._channel(each) for each in document["channels"].values()]

    @staticmethod
    def at(url: str) -> "Document":
        return Document(get_json(url, token=None))

    @property
    def brokers(self) -> str:
        return ",".join(server["host"] for server in self.servers)

    @property
    def registry_url(self) -> str:
        return self.servers[0]["bindings"]["kafka"]["schemaRegistryUrl"]

    @property
    def tls(self) -> bool:
        return self.servers[0]["protocol"] == "kafka-secure"

    @property
    def sasl(self) -> str | None:
        """plain, scramSha256, scramSha512; None where brokers ask for nothing."""
        for requirement in self.servers[0].get("security", []):
            return self._resolved(requirement)["type"]
        return None

    def channel_with(self, message: str) -> Channel:
        for channel in self.channels:
            if any(each.name == message for each in channel.messages.values()):
                return channel
        raise LookupError(f"no topic carries {message}")

    def _channel(self, channel: dict[str, Any]) -> Channel:
        messages = [self._message(each) for each in channel["messages"].values()]
        kafka = channel["bindings"]["kafka"]
        return Channel(
            topic=channel["address"],
            kind=channel["x-kind"],
            partitions=kafka["partitions"],
            kept_for_ever=kafka["topicConfiguration"]["retention.ms"] == -1,
            messages={each.ce_type: each for each in messages},
        )

    def _message(self, reference: dict[str, Any]) -> Message:
        message = self._resolved(reference)
        headers = message["headers"]
        return Message(
            name=message["name"],
            ce_type=headers["properties"]["ce_type"]["const"],
            headers=headers,
            schema=message["payload"]["schema"],
            subject=message["x-registry-subject"],
        )

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            path = node["$ref"].removeprefix("#/").split("/")
            node = self._document
            for part in path:
                node = node[part.replace("~1", "/").replace("~0", "~")]
        return node


def get_json(url: str, token: str | None) -> Any:
    """A door with too much to do answers 503 and when to come again."""
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, headers=headers)
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_S) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as fault:
            if fault.code != 503 or attempts_left == 0:
                raise SystemExit(f"{url}: {fault}") from fault
            time.sleep(float(fault.headers.get("retry-after", "1")))
    raise AssertionError("the last attempt answers or raises")
