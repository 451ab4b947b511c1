#!/usr/bin/env python3
"""Turns the help texts of prizecheck (`--experimental-dump-help`, JSON on standard input) into its man page.

Usage: prizecheck --experimental-dump-help | man_page.py VERSION > prizecheck.1

One page for the tool and all its commands, so that `man prizecheck` and a search in it find everything. The same help
texts give the same bytes: no date of the build is in it.
"""
import json
import sys

# Sources/prizecheck/Output/ExitStatus.swift
EXIT_STATUS = [
    ("0", "done; for check: the predictions are valid and qualify"),
    ("1", "check: the predictions are valid and do not qualify"),
    ("2", "check with --require-significance: undecided"),
    ("64", "wrong usage"),
    ("65", "bad data: nothing was scored, every problem is listed"),
    ("66", "an input is missing or can't be read"),
    ("70", "internal failure, or a model diverged"),
    ("73", "an output can't be written"),
    ("74", "input or output failed"),
    ("78", "bad configuration: a RATINGBENCH_ISA that this processor lacks, or a checkpoint of another run"),
    ("130", "interrupted; no unfinished file is left behind"),
]
ENVIRONMENT = [
    ("RATINGBENCH_ISA", "forces the instruction set of the numeric kernels; prizecheck doctor lists those available"),
    ("NO_COLOR", "no colour, whatever its value"),
]


def escaped(text):
    """Text as roff prints it: a backslash, a minus, and a dot or quote that starts a line mean something there."""
    lines = (text or "").replace("\\", "\\e").replace("-", "\\-").split("\n")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def paragraphs(text):
    """Paragraphs; one that is indented keeps its lines as they are, because it shows commands."""
    blocks = []
    for part in (text or "").split("\n\n"):
        blocks.append(f".nf\n{escaped(part)}\n.fi" if part.startswith(" ") else escaped(part))
    return "\n.PP\n".join(blocks)


def dashed(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def label(argument):
    """An argument as its entry shows it: `-o, --output <file>`, or `<predictions>`."""
    value = "<" + argument.get("valueName", "value") + ">"
    if argument["kind"] == "positional":
        return value
    names = ", ".join(dashed(name) for name in argument["names"])
    return names if argument["kind"] == "flag" else f"{names} {value}"


def usage(argument):
    """An argument as the synopsis shows it."""
    value = "<" + argument.get("valueName", "value") + ">"
    if argument["kind"] == "positional":
        text = value
    else:
        name = dashed(argument["preferredName"])
        text = name if argument["kind"] == "flag" else f"{name} {value}"
    if argument["isRepeating"]:
        text += " ..."
    return f"[{text}]" if argument["isOptional"] else text


def shown(items):
    return [item for item in items or [] if item.get("shouldDisplay", True)]


def entry(argument):
    """The paragraph that explains one argument."""
    text = argument.get("abstract") or ""
    values = argument.get("allValues") or argument.get("allValueStrings")
    if values:
        text += f" (values: {', '.join(values)})"
    if argument.get("defaultValue") and argument["kind"] != "flag":
        text += f" (default: {argument['defaultValue']})"
    lines = [".TP", f"\\fB{escaped(label(argument))}\\fR", escaped(text.strip()) or "\\&"]
    if argument.get("discussion"):
        lines.append(escaped(argument["discussion"]))
    return lines


def table(rows):
    return [line for name, text in rows for line in (".TP", f"\\fB{escaped(name)}\\fR", escaped(text))]


def commands(command, path):
    """The sections of the subcommands, each followed by its own."""
    lines = []
    for sub in shown(command.get("subcommands")):
        if sub["commandName"] == "help":
            continue
        name = f"{path} {sub['commandName']}"
        arguments = [a for a in shown(sub.get("arguments")) if a.get("valueName") not in ("help", "version")]
        lines += [f".SS {escaped(name)}", escaped(sub.get("abstract"))]
        if arguments:
            lines += [".PP", f"\\fB{escaped(name)}\\fR {escaped(' '.join(usage(a) for a in arguments))}"]
        if sub.get("discussion"):
            lines += [".PP", paragraphs(sub["discussion"])]
        for argument in arguments:
            lines += entry(argument)
        lines += commands(sub, name)
    return lines


def main():
    tool = json.load(sys.stdin)["command"]
    name = tool["commandName"]
    lines = [
        f'.TH {name.upper()} 1 "" "RatingBench {sys.argv[1]}"',
        ".SH NAME", f"{name} \\- {escaped(tool['abstract'][:1].lower() + tool['abstract'][1:])}",
        ".SH SYNOPSIS", f"\\fB{name}\\fR <command> [arguments]",
    ]
    if tool.get("discussion"):
        lines += [".SH DESCRIPTION", paragraphs(tool["discussion"])]
    lines += [".SH OPTIONS"] + [line for argument in shown(tool.get("arguments")) for line in entry(argument)]
    lines += [".SH COMMANDS"] + commands(tool, name)
    lines += [".SH EXIT STATUS"] + table(EXIT_STATUS) + [".SH ENVIRONMENT"] + table(ENVIRONMENT)
    print("\n".join(lines))


main()
