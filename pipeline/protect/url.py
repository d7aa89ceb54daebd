"""A request's target -> page template and parameters (policy 4.4). What is not declared is a kind only.

A path is personal data until shown otherwise (names, e-mails and tokens stand in paths). So a segment comes
out as it is only if the policy declares it, in a template of the site or as a word; else its kind comes out:
{email}, {phone}, {card}, {token}, {id}, {asset}, {other}. Of an undeclared page the first two segments come
out so, and of the rest the most telling kind: less than 2^20 pages, whatever visitors type. A page is no
identifier, and their number costs nobody his memory.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

MAX_WORDS = 2
"""Segments of a page that is no declared template, before the one kind that stands for its rest."""
MAX_LOOKED_AT = 4
"""Segments of the rest that are looked at for their kind."""
MAX_SEGMENT = 256
"""Characters of a segment that is looked at for its kind; longer ones are {other}."""
OTHER = "{other}"
ASSET = "{asset}"
_ASSETS = frozenset(
    {
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "ico",
        "webp",
        "avif",
        "bmp",
        "css",
        "js",
        "mjs",
        "map",
        "woff",
        "woff2",
    }
    | {"ttf", "otf", "eot", "mp3", "mp4", "webm", "ogg", "pdf", "zip", "gz", "jar"}
)


def split_target(target: bytes) -> tuple[bytes, bytes]:
    """Return (path, query) of a request target (RFC 9112, 3.2); the path is empty where there is none.

    The absolute form (a proxy's) loses its host; the authority form (CONNECT) and `*` have no path.
    """
    target = target.partition(b"#")[0]
    if not target.startswith(b"/"):
        scheme, separator, rest = target.partition(b"://")
        if not separator or not scheme.isalpha():
            return b"", b""
        slash = rest.find(b"/")
        target = rest[slash:] if slash >= 0 else b"/"
    path, _, query = target.partition(b"?")
    return path, query


class Pages:
    """The page templates of one site."""

    def __init__(
        self,
        templates: Sequence[str],
        words: Collection[str],
        kind: Callable[[str], str | None],
        kinds: Sequence[str],
    ) -> None:
        """Take declared templates, declared words, what tells the kind of any other text, and all kinds.

        Of the kinds the most telling comes first.
        """
        self._telling = (*(f"{{{name}}}" for name in kinds), ASSET, OTHER)
        self._exact = {_segments(template): _page(_segments(template)) for template in templates}
        self._wildcards: dict[int, list[tuple[str, ...]]] = {}
        for segments in sorted(self._exact, key=_later_wildcards_first):
            if any(map(_is_wildcard, segments)):
                self._wildcards.setdefault(len(segments), []).append(segments)
        self._words = frozenset(words)
        self._kind = kind

    def template(self, path: str) -> str:
        """Return the page of a decoded path; empty for an empty one."""
        if not path:
            return ""
        segments = _segments(path)
        page = self._exact.get(segments)
        if page is not None and not any(map(_is_wildcard, segments)):
            return page
        for template in self._wildcards.get(len(segments), ()):
            if all(_is_wildcard(t) or t == s for t, s in zip(template, segments, strict=True)):
                return _page(template)
        return self._generalize(segments)

    def _generalize(self, segments: tuple[str, ...]) -> str:
        last = len(segments) - 1
        words = [
            segment
            if position < MAX_WORDS and segment in self._words
            else self._kind_of(segment, last=position == last)
            for position, segment in enumerate(segments[: MAX_WORDS + MAX_LOOKED_AT])
        ]
        rest = words[MAX_WORDS:]
        kept = [*words[:MAX_WORDS], min(rest, key=self._telling.index)] if rest else words
        return _page(
            tuple(word for word, before in zip(kept, ["", *kept], strict=False) if {word, before} != {OTHER})
        )

    def _kind_of(self, segment: str, *, last: bool) -> str:
        if len(segment) > MAX_SEGMENT:
            return OTHER
        kind = self._kind(segment)
        if kind is not None:
            return f"{{{kind}}}"
        _, dot, extension = segment.rpartition(".")
        return ASSET if last and dot and extension.lower() in _ASSETS else OTHER


def parameters(query: bytes, declared: Mapping[str, Collection[str]], decode: Callable[[bytes], str]) -> str:
    """Return the declared parameters that have a declared value, sorted, as name=value joined by &.

    A name counts once, with its first declared value: repeated ones would spell out an identifier.
    """
    if not query or not declared:
        return ""
    kept: dict[str, str] = {}
    for pair in query.replace(b";", b"&").split(b"&"):
        name, _, value = pair.partition(b"=")
        key = decode(name)
        if key in declared and (text := decode(value.replace(b"+", b" "))) in declared[key]:
            kept.setdefault(key, text)
    return "&".join(f"{key}={text}" for key, text in sorted(kept.items()))


def _segments(path: str) -> tuple[str, ...]:
    return tuple(filter(None, path.split("/")))


def _page(segments: tuple[str, ...]) -> str:
    return "/" + "/".join(segments)


def _is_wildcard(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")


def _later_wildcards_first(segments: tuple[str, ...]) -> tuple[bool, ...]:
    """Order templates so that the one with the earlier literal segment wins."""
    return tuple(map(_is_wildcard, segments))
