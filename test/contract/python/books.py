"""Balances of every account and nets of every region, from public facts alone, in whole fen."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from records import Record, hold

Account = tuple[str, str, str, str | None]
Pair = tuple[str, str]
Data = dict[str, Any]


class Books:
    """
    Every account after the journal's facts up to a position. Rows of the state topic, known
    before, must be what the entries up to their own cut come to.
    """

    def __init__(self, position: int, rows: Iterable[Data]):
        self.position = position
        self._sums: dict[Account, list[int]] = defaultdict(lambda: [0, 0])
        self._rows = {_account(row, row): row for row in rows if row["cutPosition"] <= position}
        self._at_cut: dict[Account, list[int]] = defaultdict(lambda: [0, 0])

    def post(self, entry: Data) -> None:
        if entry["position"] > self.position:
            return
        in_fund: dict[str, int] = defaultdict(int)
        for posting in entry["postings"]:
            debit, credit = posting["debitFen"], posting["creditFen"]
            hold(min(debit, credit) == 0 and max(debit, credit) >= 0, f"{posting}: not one side")
            in_fund[posting["fund"]] += debit - credit
            account = _account(entry, posting)
            _add(self._sums[account], debit, credit)
            row = self._rows.get(account)
            if row is not None and entry["position"] <= row["cutPosition"]:
                _add(self._at_cut[account], debit, credit)
        where = f"entry {entry['position']}/{entry['entryNo']}"
        hold(not any(in_fund.values()), f"{where}: debits and credits differ")

    def balances(self) -> list[Data]:
        for account, row in self._rows.items():
            struck = [row["debitFen"], row["creditFen"]]
            hold(self._at_cut[account] == struck, f"{account}: {struck} at its cut, says its row")
        return [
            {
                **dict(zip(("region", "fund", "account", "counterparty"), account, strict=True)),
                "debitFen": debit,
                "creditFen": credit,
                "balanceFen": debit - credit,
            }
            for account, (debit, credit) in sorted(self._sums.items(), key=lambda one: str(one[0]))
        ]

    @property
    def rows_checked(self) -> int:
        return len(self._rows)


def _account(place: Data, line: Data) -> Account:
    return (place["region"], line["fund"], line["account"], line["counterparty"])


def _add(sums: list[int], debit: int, credit: int) -> None:
    sums[0] += debit
    sums[1] += credit


@dataclass
class Window:
    """What the claims between the cuts come to."""

    said: Data
    pairs: dict[Pair, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    pairs_said: dict[Pair, list[int]] = field(default_factory=dict)

    def nets(self) -> dict[str, int]:
        nets: dict[str, int] = defaultdict(int)
        for (insured, treating), (_, owed) in self.pairs.items():
            nets[insured] -= owed
            nets[treating] += owed
        return dict(nets)


class Clearing:
    """Windows whose cut is not behind a position, made anew from the claims in them."""

    def __init__(self, position: int, facts: Iterable[Record]):
        self._windows: dict[int, Window] = {}
        for fact in facts:
            data = fact.data
            if fact.name == "WindowNetted" and data["cutPosition"] <= position:
                self._windows[data["windowNo"]] = Window(data)
            elif fact.name == "PairNetted" and data["windowNo"] in self._windows:
                pair = (data["insuredRegion"], data["treatingRegion"])
                sums = [data["claims"], data["owedFen"]]
                self._windows[data["windowNo"]].pairs_said[pair] = sums
        self._order = [self._windows[number] for number in sorted(self._windows)]
        self._cuts = [window.said["cutPosition"] for window in self._order]
        starts = [window.said["fromPosition"] for window in self._order]
        hold(starts == [0, *self._cuts][: len(starts)], "a window does not begin where one ended")

    def add(self, claim: Record) -> None:
        data = claim.data
        pair = (data["insuredRegion"], data["treatingRegion"])
        index = bisect_right(self._cuts, data["position"])
        if pair[0] == pair[1] or index == len(self._order):
            return
        sums = self._order[index].pairs[pair]
        sums[0] += 1
        sums[1] += data["owedFen"] if claim.name == "ClaimSettled" else -data["owedFen"]

    def nets(self, rows: Iterable[Data]) -> list[Data]:
        """Holds what is computed to WindowNetted, PairNetted and the rows of the state topic."""
        state: dict[int, dict[str, int]] = defaultdict(dict)
        for row in rows:
            if "netFen" in row:
                state[row["windowNo"]][row["regionCode"]] = row["netFen"]
        found = []
        for window in self._order:
            number, nets = window.said["windowNo"], window.nets()
            said = {row["regionCode"]: row["netFen"] for row in window.said["nets"]}
            hold(sum(nets.values()) == 0, f"window {number}: nets do not add up to 0")
            hold(nets == said, f"window {number}: nets are not those of WindowNetted")
            hold(window.pairs == window.pairs_said, f"window {number}: pairs are not PairNetted")
            hold(len(window.pairs) == window.said["pairs"], f"window {number}: pairs are missing")
            hold(nets == state[number], f"window {number}: nets are not those of NetState")
            found.append(
                {
                    "windowNo": number,
                    "label": window.said["label"],
                    "nets": [
                        {"regionCode": region, "netFen": nets[region]} for region in sorted(nets)
                    ],
                }
            )
        return found
