"""What is written from the results: docs/effect.md, the packaged table, and a short table in README.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.effect.cases import BASE_MS, CASES, FULL_MB, UNMEASURED
from benchmarks.effect.claims import CLAIMS, Claim

RESULTS = Path("benchmarks/effect/results.json")
PAGE = Path("docs/effect.md")
PACKAGED = Path("src/lambdalint/knowledge/measured.toml")
README = Path("README.md")
_IN_README = ("LMB101", "LMB105", "LMB301", "LMB401", "LMB402", "LMB403-sqs", "LMB501-query-paged", "LMB601")
_MARKS = re.compile(r"(<!-- effect: begin[^\n]*-->\n).*?(<!-- effect: end -->)", re.DOTALL)
_NOTE = "Made by benchmarks/effect/run.py from its results."

Row = dict[str, Any]


def save(top: Path, found: Row, partly: bool) -> None:
    """Write results.json; `partly`: put what was measured among what was there, with its own date."""
    setting = found["setting"]
    for row in found["cases"]:
        row["run"] = f"{setting['date']}, {setting['commit']}"
    if partly and (top / RESULTS).exists():
        old = load(top)
        new = {row["case"]: row for row in found["cases"]}
        kept = {row["case"]: row for row in old["cases"]} | new
        found = {"setting": old["setting"], "cases": [kept[case.name] for case in CASES if case.name in kept]}
    (top / RESULTS).write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def load(top: Path) -> Row:
    found: Row = json.loads((top / RESULTS).read_text("utf-8"))
    return found


def wanted(top: Path) -> dict[Path, str]:
    """The files that are made from the results, relative to `top`, with what should stand in them."""
    found = load(top)
    readme = (top / README).read_text("utf-8")
    assert _MARKS.search(readme), "the markers are gone"
    short = table([row for row in found["cases"] if row["case"] in _IN_README], short=True)
    return {
        PAGE: page(found),
        PACKAGED: packaged(found),
        README: _MARKS.sub(lambda match: f"{match[1]}\n{short}\n{match[2]}", readme, count=1),
    }


def write(top: Path) -> None:
    for path, text in wanted(top).items():
        (top / path).write_text(text, "utf-8")


def page(found: Row) -> str:
    """docs/effect.md."""
    return "\n".join(
        [
            f"<!-- {_NOTE} -->\n",
            "# What the fixes gain\n",
            _INTRODUCTION,
            _setting(found["setting"]),
            "## The published claims\n",
            *_claims(found["cases"]),
            "\n## All measurements\n",
            table(found["cases"]),
            "## Remarks\n",
            *_remarks(found["cases"]),
            "",
        ]
    )


_INTRODUCTION = f"""\
Each row is one handler before and after. The after is what `lambdalint check --fix --unsafe-fixes` itself
makes of the before, with that rule alone; where the rule applies no fix (or not in this form), it is a
remedy written by hand and marked so. Nothing here ran on AWS: the emulator (moto) answers on the same machine and
takes some milliseconds a request itself, a proxy before it adds the latency and counts requests. So the
**number of requests is exact, CPU time is nearly so, and wall time depends on the latency**. Memory stands for the
CPU that Lambda gives at that size ({FULL_MB} MB: one vCPU). Figures are medians.

`python benchmarks/effect/run.py` measures again ([benchmarks/README.md](../benchmarks/README.md)).
"""


def _setting(setting: Row) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in setting["versions"].items())
    return (
        f"Measured on {setting['date']} at {setting['commit']} in {setting['seconds']} s: {setting['machine']}, "
        f"Python {setting['python']}, {versions}. CPU held by: {setting['cpu_held_by']}. Load of the machine "
        f"{setting['load_before']} before and {setting['load_after']} after"
        f"{_busy(setting)}.\n"
    )


def _busy(setting: Row) -> str:
    cores = int(re.findall(r"(\d+) cores", setting["machine"])[0])
    busy = setting["load_after"] > cores / 2  # what was there before may have ended with the first cases
    return ": it was busy with other work, so wall times are higher than on a quiet one" if busy else ""


def table(rows: list[Row], short: bool = False) -> str:
    """The cells of the rows as a Markdown table; `short`: the base cell and the one at 128 MB."""
    lines = [
        "| Case | Latency | Memory | Requests | Wall | Ratio | CPU | Ratio |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        for cell in _short(row) if short else row["cells"]:
            before, after = cell["before"], cell["after"]
            lines.append(
                f"| {row['case'] if not short else row['rule']}: {what(row, cell)} | {cell['latency_ms']} ms "
                f"| {cell['memory_mb']:,} MB | {_requests(row, before)} → {_requests(row, after)} "
                f"| {_pair(cell, 'wall_ms')} | {_times(cell['wall_ratio'])} "
                f"| {_pair(cell, 'cpu_ms')} | {_times(cell['cpu_ratio'])} |"
            )
    return "\n".join(lines) + "\n"


def _requests(row: Row, variant: Row) -> str:
    """How many requests, and in cases on connections how many new ones they needed."""
    return f"{variant['requests']:,}" + (f" ({variant['connections']})" if row["tls"] else "")


def what(row: Row, cell: Row) -> str:
    """What a cell measured, in words."""
    number = f", {cell['count']:,}" if cell["count"] > 1 else ""
    hand = " (remedy by hand)" if row["after_is"] != "lambdalint's fix" else ""
    return f"{row['what']}{number}{hand}"


def _short(row: Row) -> list[Row]:
    return [cell for cell in (base(row), slow(row)) if cell is not None]


def base(row: Row) -> Row:
    """The cell that is quoted: the base latency at full CPU, and of those the largest."""
    full = [cell for cell in row["cells"] if cell["memory_mb"] == FULL_MB]
    latency = BASE_MS if any(cell["latency_ms"] == BASE_MS for cell in full) else 0
    return max((cell for cell in full if cell["latency_ms"] == latency), key=lambda cell: int(cell["count"]))


def slow(row: Row) -> Row | None:
    """The cell at 128 MB and the base latency."""
    return next((cell for cell in row["cells"] if cell["memory_mb"] == 128), None)


def cell_at(row: Row, latency: int, memory: int) -> Row:
    """The largest cell with these conditions."""
    fitting = [c for c in row["cells"] if c["latency_ms"] == latency and c["memory_mb"] == memory]
    return max(fitting, key=lambda cell: int(cell["count"]))


def _claims(rows: list[Row]) -> Iterator[str]:
    named = {row["case"]: row for row in rows}
    yield "| Claim | Measured | Verdict |"
    yield "|---|---|---|"
    for claim in CLAIMS:
        if claim.case in named:
            cell = cell_at(named[claim.case], claim.latency, FULL_MB)
            yield f"| {claim.text} | {_evidence(claim, cell)} | {verdict(claim, cell)} |"


def _evidence(claim: Claim, cell: Row) -> str:
    before, after = cell["before"], cell["after"]
    return (
        f"{_pair(cell, 'wall_ms')} ({_times(cell['wall_ratio'])}), requests {before['requests']} → "
        f"{after['requests']}, at {cell['latency_ms']} ms of latency"
    )


def verdict(claim: Claim, cell: Row) -> str:
    """Whether the claim's ratio was reached, and what has to be known about it."""
    share = cell["wall_ratio"] / claim.ratio if claim.ratio is not None else float(cell["after"]["requests"] == 0)
    word = "Holds" if share >= 1 else "Nearly" if share >= 0.8 else "Not reached"
    return f"**{word}.** {claim.note}"


def _remarks(rows: list[Row]) -> Iterator[str]:
    same = {case.name: case.same for case in CASES}
    yield from (f"- {case.name}: {case.remark}" for case in CASES if case.remark)
    main = max((row["run"] for row in rows), key=[row["run"] for row in rows].count)
    yield from (
        f"- {row['case']} was measured in a run of its own ({row['run']})." for row in rows if row["run"] != main
    )
    unequal = [row["case"] for row in rows if not row["equal"] and same.get(row["case"], True)]
    yield (
        f"- Before and after gave other answers or left another state in: {', '.join(unequal)}."
        if unequal
        else "- Before and after gave equal answers, and left the same rows, messages, records and objects, in all "
        f"cases but {', '.join(name for name, equal in same.items() if not equal)}, which read what the handler "
        "missed before."
    )
    yield "- Rules whose fix has no case here, since time and requests are not what it is about:"
    yield from (f"  - {code}: {why}." for code, why in UNMEASURED.items())
    yield from _GENERAL


_GENERAL = (
    "- The loops are measured with fewer things where the latency or the CPU isn't that of the base "
    f"({BASE_MS} ms, {FULL_MB} MB), to keep the run short: the number stands in the row.",
    "- Answers and state are compared once per case, on the first call; of SNS and EventBridge only the answer is.",
    "- A cell whose one run takes longer than the time a cell is given was measured once (`runs` in results.json).",
    "- In brackets behind the requests, where TLS is used: new connections.",
    "- A new connection costs no latency here, only CPU: on AWS it also waits for two or three round trips.",
    f"- A wall time under 20 ms at 128 MB says little: the CPU is given out in periods of 20 ms, so what needs less "
    f"than 1.4 ms of CPU runs as on {FULL_MB} MB, and what needs a little more waits for the next period.",
    "- A ratio against almost nothing (an answer from a cache) is that of two clocks; the milliseconds saved count.",
)


def packaged(found: Row) -> str:
    """The table that the rules' pages quote."""
    setting = found["setting"]
    lines = [
        f"# {_NOTE}",
        "",
        "[setting]",
        f'source = "own measurement of {setting["date"]} against an emulator: docs/effect.md"',
    ]
    for row in found["cases"]:
        cell, held = base(row), slow(row)
        lines += [
            "",
            "[[row]]",
            f'rule = "{row["rule"]}"',
            f"what = {json.dumps(what(row, cell))}",
            f"latency_ms = {cell['latency_ms']}",
            f"requests = [{cell['before']['requests']}, {cell['after']['requests']}]",
            f"wall_ms = [{cell['before']['wall_ms']}, {cell['after']['wall_ms']}]",
            f"cpu_ms = [{cell['before']['cpu_ms']}, {cell['after']['cpu_ms']}]",
        ]
        if held is not None:
            number = f", {held['count']:,} of them" if held["count"] != cell["count"] else ""
            lines += [
                f"at_128_mb_ms = [{held['before']['wall_ms']}, {held['after']['wall_ms']}]",
                f"at_128_mb_what = {json.dumps('at 128 MB' + number)}",
            ]
    return "\n".join(lines) + "\n"


def _pair(cell: Row, key: str) -> str:
    return f"{_ms(cell['before'][key])} → {_ms(cell['after'][key])}"


def _ms(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:.1f} s"
    if value >= 1000:
        return f"{value / 1000:.2f} s"
    if value >= 100:
        return f"{value:.0f} ms"
    return f"{value:.3g} ms"


def _times(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    return f"{ratio:,.0f}×" if ratio >= 100 else f"{ratio:.3g}×" if ratio >= 10 else f"{ratio:.2g}×"
