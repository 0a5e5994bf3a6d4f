"""The records that flow through kg: what a source yields, what is read from a paper, what the graph holds.

A text is addressed by *field* (``title`` or ``abstract``) and code-point offsets, ``start <= i < end``.
"""

from dataclasses import dataclass, field

from kg.errors import KgError, UnknownName

TYPES = ("method", "dataset", "benchmark", "task", "metric")
"""The types of an entity."""

ROLES = ("introduces", "evaluates_on", "uses", "compares", "mentions")
"""What a paper can have to do with an entity, strongest first."""

FIELDS = ("title", "abstract")

MODELS = {"best": 0.45, "fast": 0.3}
"""The models that read mentions, each with the least score of a mention where none is asked for: the one with the best F1 of
`edge` and `share` on the training papers held back (``training/README.md``)."""


def family(type_: str) -> str:
    """Return the type under which names are linked: a benchmark is a dataset on which systems are scored."""
    return "dataset" if type_ == "benchmark" else type_


@dataclass(frozen=True, slots=True)
class Reader:
    """How papers are read: the tagger's model, and the least score of a mention (None: the model's own).

    Raises UnknownName for a model that there is not, KgError for a threshold outside 0..1.
    """

    model: str = "best"
    threshold: float | None = None

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise UnknownName.near("model", self.model, MODELS, f"there are {' and '.join(MODELS)}")
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise KgError(f"a threshold lies between 0 and 1, {self.threshold} does not")
        if self.threshold is not None:
            object.__setattr__(self, "threshold", float(self.threshold))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as a source gives it. White space is collapsed; nothing else in the texts is changed."""

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    date: str | None = None  # as far as known: 2024-05-12, 2024-05, 2024, or --08-28 without a year
    venue: str | None = None
    categories: tuple[str, ...] = ()
    url: str | None = None
    code_urls: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # names of the files that hold it, sorted


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A place in a paper's text, by field and offsets."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One span that names an entity."""

    at: Passage
    surface: str
    type: str
    score: float  # 0..1
    rule: str  # what found it: model, acronym or propagated
    entity: int  # index into the reading's entities


@dataclass(frozen=True, slots=True)
class LocalEntity:
    """What one paper names, before linking: the mentions that mean one thing, and the paper's relation to it."""

    type: str
    name: str  # the surface that stands for it: its long form, or the one written most
    defined: bool  # whether the text itself gives that as the long form of a short one
    role: str
    role_score: float
    evidence: Passage  # the sentence that shows the role
    generic: bool


@dataclass(frozen=True, slots=True)
class LocalLineage:
    """The paper says that `child` is based on `parent` (indices into the reading's entities)."""

    child: int
    parent: int
    score: float
    evidence: Passage


@dataclass(frozen=True, slots=True)
class LocalResult:
    """A score that the abstract states; the others are indices into the reading's entities."""

    value: str  # as written
    relative: bool
    score: float
    at: Passage  # of the value
    evidence: Passage
    method: int | None = None
    metric: int | None = None
    dataset: int | None = None  # a dataset, benchmark or task


@dataclass(frozen=True, slots=True)
class Reading:
    """All that extraction reads from one paper; depends on its title and abstract only."""

    paper: str
    text_hash: str
    mentions: tuple[Mention, ...] = ()
    entities: tuple[LocalEntity, ...] = ()
    lineage: tuple[LocalLineage, ...] = ()
    results: tuple[LocalResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A node that is not a paper: one thing, whatever the papers call it."""

    id: str  # method:lora
    name: str  # canonical
    type: str
    aliases: tuple[str, ...]  # every surface, most frequent first
    generic: bool
    papers: int  # how many papers name it
    other_ids: tuple[str, ...] = ()  # further ids that lead here: of names that became one with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A judgement on two names: the same thing, or kept apart."""

    family: str
    name: str
    other: str
    same: bool
    reason: str  # normal form, definition, version …: see `kg.link`
    evidence: str
    score: float  # how sure it is, 0..1
    paper: str | None  # a paper that shows it
    entity: str | None  # where `name` ended; None where no paper names it
    other_entity: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An edge: paper → entity with a role, or entity → entity (``based_on``), and the sentence it was read from."""

    source: str
    target: str
    role: str
    paper: str
    score: float
    evidence: Passage
    sentence: str = field(repr=False)
    marks: tuple[tuple[int, int], ...] = ()  # where the ends are named, offsets into `sentence`
    further: tuple[str, ...] = field(default=(), repr=False)  # the paper's other sentences that name the target


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A stated score with the entities it belongs to."""

    id: str
    paper: str
    value: str
    relative: bool
    method: str | None
    metric: str | None
    dataset: str | None
    score: float
    evidence: Passage
    sentence: str = field(repr=False)
