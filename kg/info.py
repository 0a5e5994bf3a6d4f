"""What a graph holds, in numbers."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from kg.records import ROLES, TYPES
from kg.tables import SCHEMAS, Tables


def describe(tables: Tables) -> dict[str, Any]:
    """Return counts by type and role, papers by source, the pipeline's version and the sizes of the files in bytes."""
    by_type = dict(tables.scan("entities").group_by("type").len().collect().iter_rows())
    by_role = dict(tables.scan("facts").group_by("role").len().collect().iter_rows())
    sources = tables.scan("papers").select(pl.col("sources").explode()).group_by("sources").len().sort("sources").collect()
    papers = tables.scan("papers").select(pl.len(), empty=(pl.col("abstract") == "").sum(), code=(pl.col("code_urls").list.len() > 0).sum()).collect().row(0)
    files = sorted(p for p in tables.folder.iterdir() if p.is_file() and not p.name.startswith("."))
    return {
        "folder": str(tables.folder),
        "format": tables.manifest["format"],
        "pipeline": tables.manifest["pipeline"],
        "content": tables.content,
        "papers": papers[0],
        "papers_without_abstract": papers[1],
        "papers_with_code": papers[2],
        "entities": {t: by_type.get(t, 0) for t in TYPES},
        "generic_entities": tables.scan("entities").select(pl.col("generic").sum()).collect().item(),
        "facts": {r: by_role.get(r, 0) for r in (*ROLES, "based_on")},
        "rows": {t: tables.manifest["rows"][t] for t in SCHEMAS},
        "sources": dict(sources.iter_rows()),
        "bytes": {p.name: p.stat().st_size for p in files},
    }


def lines(facts: dict[str, Any]) -> Iterator[str]:
    """Yield the description for reading."""
    yield f"{facts['folder']}: {facts['papers']:,} papers ({facts['papers_without_abstract']:,} without abstract, {facts['papers_with_code']:,} with code)"
    yield "entities   " + ", ".join(f"{n:,} {t}" for t, n in facts["entities"].items()) + f"; {facts['generic_entities']:,} too broad to say anything"
    yield "facts      " + ", ".join(f"{n:,} {r}" for r, n in facts["facts"].items())
    yield "tables     " + ", ".join(f"{n:,} {t}" for t, n in facts["rows"].items())
    for name, n in facts["sources"].items():
        yield f"source     {name}: {n:,} papers"
    yield f"pipeline   {facts['pipeline']}, format {facts['format']}, content {facts['content'][:12]}"
    yield f"size       {sum(facts['bytes'].values()) / 1e6:,.1f} MB: " + ", ".join(
        f"{name} {size / 1e6:.1f}" for name, size in sorted(facts["bytes"].items(), key=lambda x: -x[1])
    )
