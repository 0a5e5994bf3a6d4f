"""What ``import.sh`` runs in the tests: the real neo4j-admin of a release, on a home of the test's own."""

import os
import shlex
import subprocess
from pathlib import Path

from neo4j_server import FLAGS, LTS, OPENED, admin, jars, java


def run_import(script: Path, home: Path, version: str = LTS, *options: str) -> str:
    """Run an import script, from any other folder, and return what neo4j-admin printed. Raises `Unavailable`, `RuntimeError`."""
    admin(version, home, "--version")  # makes the settings of the home
    tool = home / "neo4j-admin"
    command = [java(version), "-Xmx512m", *FLAGS, *OPENED, "-cp", f"{jars(version)}/*", "org.neo4j.cli.AdminTool"]
    tool.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, command))} "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    environment = {**os.environ, "NEO4J_ADMIN": str(tool), "NEO4J_HOME": str(home), "NEO4J_CONF": str(home)}
    done = subprocess.run(["sh", str(script), *options], cwd="/", env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{script} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout
