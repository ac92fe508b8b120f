"""
Reads Tongchou's public topics as another organisation does: from the address of the AsyncAPI
document alone. Checks what the document promises, and rebuilds the balance of every account of
every fund and the net of every region in every window.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from books import Books, Clearing
from document import Document
from notes import check_note
from records import BrokenPromise, Record, Registry, Topics, hold

LATE = timedelta(minutes=1)
Data = dict[str, Any]


def main() -> int:
    options = arguments()
    document = Document.at(options.url)
    topics = Topics(document, Registry(document.registry_url, options.token))
    try:
        answer = read(document, topics, options)
    except BrokenPromise as broken:
        print(f"broken promise: {broken}", file=sys.stderr)
        return 1
    print(json.dumps(answer, ensure_ascii=False) if options.json else tables(answer))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "url", help="the AsyncAPI document, e.g. http://127.0.0.1:7080/asyncapi.json"
    )
    token = os.environ.get("TONGCHOU_TOKEN")
    parser.add_argument("--token", default=token, help="for the registry; or TONGCHOU_TOKEN")
    parser.add_argument("--json", action="store_true", help="one object instead of tables")
    parser.add_argument("--key", help="verification key of checkpoints, got by another way")
    parser.add_argument(
        "--until",
        action="append",
        default=[],
        type=place,
        metavar="SERVICE=POSITION",
        help="wait until the service has published up to there",
    )
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait at most")
    return parser.parse_args()


def place(text: str) -> tuple[str, int]:
    service, position = text.split("=")
    return service, int(position)


def read(document: Document, topics: Topics, options: argparse.Namespace) -> Data:
    def rows_of(message: str) -> list[Data]:
        return latest_rows(topics.to_the_end(document.channel_with(message)))

    beats = heartbeats(document, topics, options)
    checkpoints = document.channel_with("CheckpointSigned")
    signed = [record.data for record in topics.to_the_end(checkpoints)]
    for checkpoint in signed:
        check_note(checkpoint, options.key)

    # What a heartbeat tells is on the topics before it: they are read after it.
    books = Books(beats["funds"]["position"], rows_of("AccountBalance"))
    for record in topics.to_the_end(document.channel_with("JournalEntryPosted")):
        books.post(record.data)
    windows = topics.to_the_end(document.channel_with("WindowNetted"))
    clearing = Clearing(beats["clearing"]["position"], windows)
    for record in topics.to_the_end(document.channel_with("ClaimSettled")):
        clearing.add(record)
    balances = books.balances()
    nets = clearing.nets(rows_of("NetState"))
    for channel in document.channels:
        if channel.topic not in topics.read:
            for _ in topics.to_the_end(channel):
                pass
    return {
        "positions": {service: beat["position"] for service, beat in beats.items()},
        "read": topics.read,
        "repeated": topics.repeated,
        "checkpoints": len(signed),
        "struck": books.rows_checked,
        "balances": balances,
        "windows": nets,
    }


def heartbeats(document: Document, topics: Topics, options: argparse.Namespace) -> dict[str, Data]:
    """The last one of each service, once all are as far as was asked for."""
    last: dict[str, Data] = {}
    deadline = time.monotonic() + options.patience
    wanted = {"funds": 0, "clearing": 0, **dict(options.until)}

    def far_enough() -> bool:
        hold(time.monotonic() < deadline, f"heartbeats do not come to {wanted}: {last}")
        return all(
            last.get(name, {"position": -1})["position"] >= at for name, at in wanted.items()
        )

    for record in topics.until(document.channel_with("HeartbeatSent"), far_enough):
        beat = record.data
        before = last.get(beat["service"], beat)
        hold(before["incarnation"] == beat["incarnation"], f"{beat['service']}: log made anew")
        last[beat["service"]] = beat
    for service, beat in last.items():
        age = datetime.now(timezone.utc) - datetime.fromisoformat(beat["sentAt"][:-1] + "+00:00")
        if age > LATE:
            print(f"{service} is late: last heartbeat at {beat['sentAt']}", file=sys.stderr)
    return last


def latest_rows(records: Iterable[Record]) -> list[Data]:
    rows: dict[str, Data] = {}
    for record in records:
        if record.data is None:
            rows.pop(record.key, None)
        else:
            rows[record.key] = record.data
    return list(rows.values())


def tables(answer: Data) -> str:
    balances = [
        [row["region"], row["fund"], row["account"], row["counterparty"] or "", row["balanceFen"]]
        for row in answer["balances"]
    ]
    nets = [
        [window["windowNo"], window["label"], row["regionCode"], row["netFen"]]
        for window in answer["windows"]
        for row in window["nets"]
    ]
    positions = answer["positions"]
    read, repeated = sum(answer["read"].values()), sum(answer["repeated"].values())
    parts = [
        f"Balances of {len(balances)} accounts at position {positions['funds']} of funds",
        table(["region", "fund", "account", "counterparty", "debit - credit, fen"], balances),
        f"\nNets of {len(answer['windows'])} windows at position {positions['clearing']} of "
        "clearing",
        table(["window", "label", "region", "net, fen (+ receives)"], nets),
        f"\n{read} records read and {repeated} dropped that had come before. Nothing is missing.",
        f"{answer['checkpoints']} signed checkpoints and {answer['struck']} struck balances hold.",
    ]
    return "\n".join(parts)


def table(heads: list[str], rows: list[list[Any]]) -> str:
    """The last column is money: to the right, with commas."""
    cells = [[*map(str, row[:-1]), f"{row[-1]:,}"] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]

    def line(row: list[str]) -> str:
        padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        return "  ".join([*padded, row[-1].rjust(widths[-1])])

    return "\n".join([line(heads), *map(line, cells)])


if __name__ == "__main__":
    sys.exit(main())
