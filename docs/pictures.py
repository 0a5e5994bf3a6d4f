"""Draw the pictures of the README with the tool itself: python docs/pictures.py (needs Chromium)."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import kg

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "kg" / "sample" / "papers.jsonl"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def main() -> None:
    """Write ``docs/around-lora.png`` and ``docs/explorer.png``."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        graph, page = Path(folder) / "graph", Path(folder) / "lora.html"
        kg.build([SAMPLE], graph)
        kg.view(graph, around="LoRA", output=page)
        command = [str(Path(sys.executable).with_name("kg")), "serve", "-g", "graph", "--port", "0"]
        server = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
        assert server.stderr
        address = server.stderr.readline().split()[0]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        window = browser.new_page(viewport={"width": 1280, "height": 760})
        window.goto(page.as_uri())
        window.wait_for_function("window.kgReady")
        window.wait_for_timeout(300)
        window.screenshot(path=HERE / "around-lora.png")
        window.set_viewport_size({"width": 1280, "height": 1000})
        window.goto(f"{address}method/lora")
        window.screenshot(path=HERE / "explorer.png")
        browser.close()
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
