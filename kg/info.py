"""What a graph holds, in numbers."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from kg.records import ROLES, TYPES
from kg.tables import SCHEMAS, Tables


def describe(tables: Tables) -> dict[str, Any]:
    """Return counts by type and role, papers by source, the pipeline's version and the sizes of the files in bytes."""
    entities, papers = tables.read("entities"), tables.read("papers")
    by_type = dict(entities.group_by("type").len().iter_rows())
    by_role = dict(tables.collect(tables.scan("facts").select("role")).group_by("role").len().iter_rows())
    sources = papers.select(pl.col("sources").explode()).group_by("sources").len().sort("sources")
    files = sorted(p for p in tables.folder.iterdir() if p.is_file() and not p.name.startswith("."))
    return {
        "folder": str(tables.folder),
        "format": tables.manifest["format"],
        "pipeline": tables.manifest["pipeline"],
        "model": tables.manifest.get("model"),
        "threshold": tables.manifest.get("threshold"),
        "content": tables.content,
        "papers": papers.height,
        "papers_without_abstract": papers.filter(pl.col("abstract") == "").height,
        "papers_with_code": papers.filter(pl.col("code_urls").list.len() > 0).height,
        "entities": {t: by_type.get(t, 0) for t in TYPES},
        "generic_entities": entities["generic"].sum(),
        "facts": {r: by_role.get(r, 0) for r in (*ROLES, "based_on")},
        "rows": {t: tables.manifest["rows"][t] for t in SCHEMAS},
        "sources": dict(sources.iter_rows()),
        "bytes": {p.name: p.stat().st_size for p in files},
    }


def lines(held: dict[str, Any]) -> Iterator[str]:
    """Yield the description for reading."""
    yield f"{held['folder']}: {held['papers']:,} papers ({held['papers_without_abstract']:,} without abstract, {held['papers_with_code']:,} with code)"
    yield "entities   " + ", ".join(f"{n:,} {t}" for t, n in held["entities"].items()) + f"; {held['generic_entities']:,} too broad to say anything"
    yield "facts      " + ", ".join(f"{n:,} {r}" for r, n in held["facts"].items())
    yield "tables     " + ", ".join(f"{n:,} {t}" for t, n in held["rows"].items())
    for name, n in held["sources"].items():
        yield f"source     {name}: {n:,} papers"
    read = f", read by the model {held['model']}" if held["model"] else ""
    least = f" with threshold {held['threshold']}" if held["threshold"] is not None else ""
    yield f"pipeline   {held['pipeline']}{read}{least}, format {held['format']}, content {held['content'][:12]}"
    yield f"size       {sum(held['bytes'].values()) / 1e6:,.1f} MB: " + ", ".join(
        f"{name} {size / 1e6:.1f}" for name, size in sorted(held["bytes"].items(), key=lambda x: -x[1])
    )
