"""What a terminal gets, on a real pseudo-terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path

KG = Path(sys.executable).with_name("kg")


def on_a_terminal(*words: str | Path, cwd: Path) -> str:
    """Run the command with a terminal as its output and return what the terminal got."""
    master, slave = pty.openpty()
    with subprocess.Popen([KG, *words], cwd=cwd, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave) as process:
        os.close(slave)
        got = b""
        try:
            while part := os.read(master, 65_536):
                got += part
        except OSError:  # the other end is closed
            pass
        process.wait(timeout=60)
    os.close(master)
    return got.decode()


def test_a_build_shows_how_far_it_is_and_wipes_it(tmp_path: Path, sample: Path) -> None:
    got = on_a_terminal("build", sample, cwd=tmp_path)
    assert "of 52" in got
    assert got.rsplit("\r\x1b[K", 1)[1].startswith("graph: 52 papers")


def test_an_answer_is_a_table(tmp_path: Path, sample_graph: Path) -> None:
    assert on_a_terminal("query", "top", "--limit", "1", "-g", sample_graph, cwd=tmp_path).split()[:4] == ["name", "kind", "papers", "id"]


def test_what_is_exported_cannot_control_it(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a\\u001b[31m", "title": "On \\u202e LoRA"}\n')
    on_a_terminal("build", "a.jsonl", cwd=tmp_path)
    got = on_a_terminal("export", "--to", "annotations", cwd=tmp_path)
    assert "\x1b" not in got
    assert "\u202e" not in got
