#!/usr/bin/env python3
"""Take recorded cases into this folder, without what no comparison looks at.

    take_in.py CASES.json --records RECORDS.jsonl

A case that the comparison cannot express is left out and named on standard error.  Taking in again what
is here already replaces it.
"""
import argparse
import json
import os
import re
import sys
from urllib.parse import urlsplit

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "oracle"))
import compare                                              # noqa: E402

RESULTS = os.path.join(HERE, "results", "2.1.330.jsonl")
# Cases that the comparison reads wrongly, or whose outcome no file shows.
LEFT_OUT = {
    "x-url-fragment": "the request goes to another path, and the server's answer decides",
    "x-url-http-empty": "the listener for http is taken for one for https",
    "x-url-http-anthropic": "the listener for http is taken for one for https",
    "x-url-mailto": "the listener for http is taken for one for https",
    "x-c-credproc-fails": "only running the command tells",
    "x-c-export": "only running the command tells",
    "x-c-webid": "the answer of a token service decides",
    "x-c-fo-azure-env": "the token comes from a sign-in service and is taken for a profile's",
    "x-cfg-empty-settings-cwd": "./settings.json is the user's here, and is taken for the project's",
    "x-scopes-object": "the program trips over it; its words change with every release",
    "x-px-noport": "the proxy's port is that of another listener",
    "z-rt-all-hostonly": "the proxy's port is that of another listener",
    "z-rt-all-user": "the proxy's port is that of another listener",
    "y-sc-num": "the program trips over it; its words change with every release",
    "y-sc-obj-primary": "the program trips over it; its words change with every release",
    "y-pcfg-baseurl-num": "the program trips over it; its words change with every release",
    **dict.fromkeys(("y-prof-name-'work '", "y-prof-name-projectwork", "y-active-' work\\n'", "y-active-'work\\r\\n'",
                     "y-active-'\\ufeffwork'", "z-cfgd-user", "rp-1-120"), "two profiles with one token"),
    "rp-21-023": "two places with one value",
    "w-home-rel": "the home cannot be laid out",
    "rp-31-086": "the listener for http is taken for one for https",
    **dict.fromkeys(("rp-31-068", "rp-1-128", "rp-3-230", "rp-3-247"), "the base URL that is told is not the one in force"),
}
PROMPT = ("exit", "stdout", "stderr", "requests", "background", "json", "seen")


def why_not(case, record):
    """Why the comparison cannot express a case, or None."""
    try:
        expected = compare.Expected(case, record)
    except ValueError as error:
        return str(error)
    if case["id"] in LEFT_OUT:
        return LEFT_OUT[case["id"]]
    here = str(case.get("env", {}).get("ANTHROPIC_BASE_URL") or "").lower()
    endpoint = expected.dim["endpoint"]
    if re.search(r"[a-z]", urlsplit(here).hostname or here.partition(":")[0]) and "localhost" not in here:
        if isinstance(endpoint, tuple) and endpoint[0].startswith("http://127.0.0.1:1808"):
            return "the record names the listener and not the host that was asked for"
    return None


def slim(record):
    """A record with what the comparison looks at."""
    steps = {}
    for name, step in record["steps"].items():
        if name in ("print", "tui", "print_json"):
            if name == "print_json" and "print" in record["steps"]:
                continue
            kept = {key: step[key] for key in PROMPT if key in step}
            kept["stderr"] = kept.get("stderr", "")[:1500]
            steps[name] = kept
        elif name in ("status_json", "status"):
            steps[name] = {"exit": step["exit"], "json": {"apiProvider": (step.get("json") or {}).get("apiProvider")}, "stdout": "",
                           "requests": [], "background": []}
        elif name == "status_text":
            lines = [line for line in step["stdout"].split("\n") if line.startswith("Anthropic base URL: ")]
            steps[name] = {"exit": step["exit"], "stdout": "\n".join(lines) or "-", "requests": [], "background": []}
    kept = {key: record[key] for key in ("id", "topic", "version", "unstable") if key in record}
    return dict(kept, steps=steps)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--records", required=True)
    given = parser.parse_args()
    with open(given.records, encoding="utf-8") as file:
        fresh = {record["id"]: record for record in map(json.loads, file)}
    records = {}
    if os.path.exists(RESULTS):
        with open(RESULTS, encoding="utf-8") as file:
            records = {record["id"]: record for record in map(json.loads, file)}
    for path in given.cases:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        place = os.path.join(HERE, "cases", data["topic"] + ".json")
        known = {}
        if os.path.exists(place):
            with open(place, encoding="utf-8") as file:
                known = {case["id"]: case for case in json.load(file)["cases"]}
        for case in data["cases"]:
            record = fresh.get(case["id"])
            if not record:
                continue
            case = {key: value for key, value in case.items() if key not in ("look_for", "trace")}
            why = why_not(dict(case, topic=data["topic"], env=case.get("env", {})), record)
            if why:
                print("left out %s" % why[:200], case["id"], file=sys.stderr)
                known.pop(case["id"], None)
                records.pop(case["id"], None)
                continue
            known[case["id"]], records[case["id"]] = case, slim(record)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in known.values())
            file.write('{"topic": %s, "cases": [\n%s\n]}\n' % (json.dumps(data["topic"]), lines))
    os.makedirs(os.path.dirname(RESULTS), exist_ok=True)
    with open(RESULTS, "w", encoding="utf-8") as file:
        for key in sorted(records):
            file.write(json.dumps(records[key], ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
