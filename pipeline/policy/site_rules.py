"""Rules for what may be kept of paths and queries: the sites' pages and parameters, the vocabulary.

All of it is written into events, so nothing here may be able to hold a value of a person.
"""

import re
from collections.abc import Sequence

from pipeline.policy.model import Site, Vocabulary
from pipeline.policy.problems import Problems, echo

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
_PAGE = re.compile(r"/|(/([A-Za-z0-9._~-]+|\{[a-z_]+\}))+")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_PARAMETER = re.compile(r"[A-Za-z0-9._-]{1,64}")  # none of & = % + and so written as it is
_SEGMENT = re.compile(r"(?!\d+\Z)[A-Za-z0-9._~-]{1,64}")  # a number may be someone's
_METHOD = re.compile(r"[A-Z]{1,20}")
_FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/+-]{0,63}")
_REFERRER = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.([a-z0-9-]+|\*)")


def check_sites(sites: Sequence[Site], problems: Problems) -> None:
    """Report what is wrong with sites; a host belongs to one of them."""
    owners: dict[str, Site] = {}
    for site in sites:
        owners.setdefault(site.id, site)
    for site in sites:
        problems.each(site, "hosts", _HOST, "a host name in lower case")
        problems.each(site, "pages", _PAGE, "a page template like /user/{id}")
        if not site.hosts:
            problems.at(site, "hosts", "a site has at least one host")
        for index, host in enumerate(site.hosts):
            if owners.setdefault(host, site) is not site:
                problems.at(site, "hosts", f"{echo(host)} is another site's: {echo(owners[host].id)}", index)
        _check_ambiguity(site, problems)
        _check_parameters(site, problems)


def check_vocabulary(vocabulary: Vocabulary, problems: Problems) -> None:
    """Report words that could be more than a word."""
    problems.each(vocabulary, "path_segments", _SEGMENT, "a path segment that is no number")
    problems.each(vocabulary, "methods", _METHOD, "an HTTP method")
    problems.each(vocabulary, "browsers", _FAMILY, "a browser family")
    problems.each(vocabulary, "operating_systems", _FAMILY, "an operating system family")
    problems.each(vocabulary, "referrers", _REFERRER, "a domain like example.com or example.*")


def _check_ambiguity(site: Site, problems: Problems) -> None:
    """Two templates that match the same paths would leave the answer to their order."""
    first: dict[str, str] = {}
    for index, page in enumerate(site.pages):
        before = first.setdefault(_PLACEHOLDER.sub("{}", page), page)
        if before != page:
            problems.at(site, "pages", f"{echo(page)} matches the same paths as {echo(before)}", index)


def _check_parameters(site: Site, problems: Problems) -> None:
    for name, values in site.parameters.items():
        wrong = [text for text in (name, *values) if not _PARAMETER.fullmatch(text)]
        for text in wrong:
            expected = "letters, digits, '.', '_', '-' (values are listed one by one)"
            problems.at(site, "parameters", f"parameter {echo(name)}: {echo(text)} is not {expected}", name)
        if not values:
            problems.at(site, "parameters", f"parameter {echo(name)} has no value: leave it out", name)
        if len(set(values)) < len(values):
            problems.at(site, "parameters", f"parameter {echo(name)} has a duplicate value", name)
