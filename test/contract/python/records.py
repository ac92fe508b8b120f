"""Reads topics to their ends through the registry, and holds every record to the document."""

import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import fastavro
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from document import Channel, Document, Message, get_json

POLL_S = 1.0
SILENCE_S = 30.0
MECHANISMS = {"plain": "PLAIN", "scramSha256": "SCRAM-SHA-256", "scramSha512": "SCRAM-SHA-512"}
WIRE_HEADER = 5


class BrokenPromise(Exception):
    """The topics are not what the document says."""


def hold(promise: bool, what: str) -> None:
    if not promise:
        raise BrokenPromise(what)


@dataclass(frozen=True)
class Record:
    name: str
    key: str
    #: None takes the row of the key away (state topics).
    data: dict[str, Any] | None


class Registry:
    """Writers' schemas by the number in front of every value."""

    def __init__(self, url: str, token: str | None):
        self._url = url
        self._token = token
        self._schemas: dict[tuple[int, str], Any] = {}

    def writer_schema(self, number: int, subject: str) -> Any:
        if (number, subject) not in self._schemas:
            where = f"{self._url}/schemas/ids/{number}"
            versions = get_json(f"{where}/versions", self._token)
            known = any(version["subject"] == subject for version in versions)
            hold(known, f"schema {number} is not registered under {subject}")
            text = get_json(where, self._token)["schema"]
            self._schemas[number, subject] = fastavro.parse_schema(json.loads(text))
        return self._schemas[number, subject]


class Topics:
    """Counts of what was read stand in `read` and `repeated`, by topic."""

    def __init__(self, document: Document, registry: Registry):
        self._registry = registry
        settings = {
            "bootstrap.servers": document.brokers,
            # Nothing is committed: every run reads from the first offset.
            "group.id": "foreign-consumer",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            **_security(document),
        }
        self._consumer = Consumer(settings)
        self.read: dict[str, int] = {}
        self.repeated: dict[str, int] = {}

    def to_the_end(self, channel: Channel) -> Iterator[Record]:
        """Every record of the topic once, from its first to where it ends now."""
        return self.until(channel, lambda: True)

    def until(self, channel: Channel, enough: Callable[[], bool]) -> Iterator[Record]:
        """The same, going on past the end until it is enough."""
        topic = channel.topic
        check = Check(channel)
        self.read[topic] = 0
        for message in self._messages(channel, enough):
            headers = {name: text.decode() for name, text in message.headers() or []}
            kind = channel.messages.get(headers.get("ce_type", ""))
            where = f"{topic}/{message.partition()}@{message.offset()}"
            hold(kind is not None, f"{where}: ce_type {headers.get('ce_type')} is not of the topic")
            key = (message.key() or b"").decode()
            check.headers(where, kind, key, headers)
            check.partition(where, key, message.partition())
            if check.is_new(where, message.partition(), headers):
                self.read[topic] += 1
                yield Record(kind.name, key, self._data(where, channel, kind, message.value()))
        self.repeated[topic] = check.repeated

    def _messages(self, channel: Channel, enough: Callable[[], bool]) -> Iterator[Any]:
        consumer = self._consumer
        topics = consumer.list_topics(channel.topic, timeout=SILENCE_S).topics
        found = len(topics[channel.topic].partitions)
        hold(found == channel.partitions, f"{channel.topic} has {found} partitions")
        consumer.assign([TopicPartition(channel.topic, each, 0) for each in range(found)])
        at_end: set[int] = set()
        heard = time.monotonic()
        while len(at_end) < found or not enough():
            message = consumer.poll(POLL_S)
            if message is None:
                silent = time.monotonic() - heard
                hold(silent < SILENCE_S, f"{channel.topic}: silent for {SILENCE_S:.0f} s")
                continue
            heard = time.monotonic()
            fault = message.error()
            if fault is None:
                at_end.discard(message.partition())
                yield message
            elif fault.code() == KafkaError._PARTITION_EOF:
                at_end.add(message.partition())
            else:
                raise KafkaException(fault)
        consumer.unassign()

    def _data(
        self, where: str, channel: Channel, message: Message, value: bytes | None
    ) -> dict[str, Any] | None:
        if value is None:
            hold(channel.kind == "state", f"{where}: null, but no state topic")
            return None
        hold(len(value) >= WIRE_HEADER and value[0] == 0, f"{where}: no registry header")
        number = int.from_bytes(value[1:WIRE_HEADER], "big")
        writer = self._registry.writer_schema(number, message.subject)
        body = io.BytesIO(value[WIRE_HEADER:])
        # Into the shape of the document, whichever version it was written with.
        data = fastavro.schemaless_reader(body, writer, message.schema)
        hold(body.read() == b"", f"{where}: bytes left over")
        return data


class Check:
    """What the document promises of each record of a topic."""

    def __init__(self, channel: Channel):
        self._channel = channel
        self._last: dict[tuple[int, str], int] = {}
        self._ids: set[tuple[str, str]] = set()
        self.repeated = 0

    def headers(self, where: str, message: Message, key: str, found: dict[str, str]) -> None:
        for name in message.headers["required"]:
            hold(name in found, f"{where}: header {name} is missing")
        for name, rule in message.headers["properties"].items():
            value = found.get(name)
            if value is None:
                continue
            hold(rule.get("const", value) == value, f"{where}: {name} is {value}")
            fits = re.search(rule.get("pattern", ""), value) is not None
            hold(fits, f"{where}: {name} is {value}")
        hold(found["ce_partitionkey"] == key, f"{where}: ce_partitionkey is not the key {key}")

    def partition(self, where: str, key: str, partition: int) -> None:
        own = (murmur2(key.encode()) & 0x7FFFFFFF) % self._channel.partitions
        hold(own == partition, f"{where}: key {key} belongs to partition {own}")

    def is_new(self, where: str, partition: int, headers: dict[str, str]) -> bool:
        """Drops what came before; stops at a hole, which only state topics may have."""
        sequence = int(headers["ce_sequence"])
        identity = (headers["ce_source"], headers["ce_id"])
        line = (partition, headers["ce_source"])
        last = self._last.get(line)
        events = self._channel.kind != "state"
        if last is not None and sequence <= last:
            hold(identity in self._ids or not events, f"{where}: {sequence} has another ce_id now")
            self.repeated += 1
            return False
        if events:
            first = 1 if self._channel.kept_for_ever else sequence
            expected = first if last is None else last + 1
            hold(sequence == expected, f"{where}: hole, {sequence} instead of {expected}")
            hold(identity not in self._ids, f"{where}: {identity[1]} under another number")
            self._ids.add(identity)
        self._last[line] = sequence
        return True


def murmur2(data: bytes) -> int:
    """The hash of Kafka's own partitioner."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    h = 0x9747B28C ^ len(data)
    whole = len(data) - len(data) % 4
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * m & mask
        h = (h * m & mask) ^ ((k ^ k >> 24) * m & mask)
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


def _security(document: Document) -> dict[str, str]:
    """KAFKA_USERNAME and KAFKA_PASSWORD are what no document tells."""
    protocol = ("SASL_" if document.sasl else "") + ("SSL" if document.tls else "PLAINTEXT")
    if document.sasl is None:
        return {"security.protocol": protocol}
    return {
        "security.protocol": protocol,
        "sasl.mechanism": MECHANISMS[document.sasl],
        "sasl.username": os.environ["KAFKA_USERNAME"],
        "sasl.password": os.environ["KAFKA_PASSWORD"],
    }
