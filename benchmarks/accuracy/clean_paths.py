"""Paths and queries without anybody in them, of the forms that look most like personal data.

Dates, versions, hashes of files, prices, places on a screen, numbers of articles, names of fields.
"""

from random import Random

_WORDS = (
    "guide",
    "how",
    "to",
    "install",
    "linux",
    "server",
    "backup",
    "winter",
    "sale",
    "blue",
    "shoes",
    "recipes",
    "apple",
    "pie",
    "travel",
    "tips",
    "camera",
    "review",
    "release",
    "notes",
    "open",
    "source",
    "monitoring",
    "data",
    "privacy",
    "policy",
    "contact",
    "about",
    "team",
    "press",
    "careers",
    "store",
    "garden",
)
_SECTIONS = ("blog", "news", "docs", "shop", "help", "wiki", "products", "category", "articles", "presentations")
_EXTENSIONS = ("png", "jpg", "css", "js", "svg", "woff2", "webp", "pdf", "min.js", "html")
_SOURCES = ("newsletter", "google", "partner-7", "social")


def clean_paths(seed: int, number: int) -> list[str]:
    """Return so many texts without personal data."""
    rng = Random(f"{seed}/clean")
    return [rng.choice(_FORMS)(rng) for _ in range(number)]


def _slug(rng: Random) -> str:
    return rng.choice("-_").join(rng.choices(_WORDS, k=rng.randrange(2, 6)))


def _hash(rng: Random, length: int) -> str:
    return f"{rng.getrandbits(4 * length):0{length}x}"


def _day(rng: Random, form: str) -> str:
    return form.format(rng.randrange(2005, 2026), rng.randrange(1, 13), rng.randrange(1, 29))


def _version(rng: Random) -> str:
    return ".".join(str(rng.randrange(30)) for _ in range(rng.randrange(2, 5)))


_FORMS = (
    lambda rng: f"/{rng.choice(_SECTIONS)}/{_slug(rng)}",
    lambda rng: f"/{rng.choice(_SECTIONS)}/{_day(rng, '{}/{:02}/{:02}')}/{_slug(rng)}.html",
    lambda rng: f"/{rng.choice(_SECTIONS)}/{_day(rng, '{}-{:02}-{:02}')}-{_slug(rng)}/",
    lambda rng: f"/static/js/main.{_hash(rng, 8)}.chunk.js",
    lambda rng: f"/assets/{_slug(rng)}-{_hash(rng, 20)}.{rng.choice(_EXTENSIONS)}",
    lambda rng: f"/assets/{_hash(rng, 32)}.{rng.choice(_EXTENSIONS)}",
    lambda rng: f"/img/{_slug(rng)}@{rng.choice((2, 3))}x.png",
    lambda rng: f"/npm/{rng.choice(_WORDS)}@{_version(rng)}/dist/{_slug(rng)}.min.js",
    lambda rng: f"/wp-includes/js/jquery/jquery.min.js?ver={_version(rng)}",
    lambda rng: f"/releases/v{_version(rng)}/{_slug(rng)}-{_version(rng)}.tar.gz",
    lambda rng: (
        f"/{rng.choice(_SECTIONS)}?page={rng.randrange(1, 200)}&sort=price_asc&per_page={rng.choice((10, 24, 50))}"
    ),
    lambda rng: f"/search?q={rng.choice(_WORDS)}+{rng.choice(_WORDS)}&lang={rng.choice(('en', 'de-DE', 'fr'))}",
    lambda rng: (
        f"/?utm_source={rng.choice(_SOURCES)}&utm_medium=email&utm_campaign={_slug(rng)}_{rng.randrange(2015, 2026)}"
    ),
    lambda rng: f"/poll?ts={1_700_000_000 + rng.randrange(10**8)}&_={1_700_000_000_000 + rng.randrange(10**11)}",
    lambda rng: f"/image?w={rng.randrange(100, 4000)}&h={rng.randrange(100, 4000)}&dpr=2.0&crop=0.25,0.75",
    lambda rng: f"/tiles/{rng.randrange(19)}/{rng.randrange(10**5)}/{rng.randrange(10**5)}.png",
    lambda rng: f"/p/{rng.choice('ABKX')}{rng.choice('TRS')}-{rng.randrange(10**4)}-XL?color={_hash(rng, 6)}",
    lambda rng: f"/books/978{rng.randrange(10**10):010}",
    lambda rng: f"/users?fields=first_name,last_name&sort=last_name&order=asc&limit={rng.randrange(100)}",
    lambda rng: f"/api/v{rng.randrange(1, 4)}/{rng.choice(_SECTIONS)}/{rng.randrange(1, 10**6)}",
    lambda rng: (
        f"/{rng.choice(_SECTIONS)}/{rng.randrange(10**4)}?price={rng.randrange(1000)}.{rng.randrange(100):02}&currency=EUR"
    ),
    lambda rng: f"/calendar?from={_day(rng, '{}-{:02}-{:02}')}T10:11:12Z&tz=Europe/Berlin",
    lambda rng: f"/login?error=invalid_password&user=unknown&next=/{_slug(rng)}",
    lambda rng: f"/{rng.choice(_SECTIONS)}/{_slug(rng)}#section-{_version(rng)}",
)
