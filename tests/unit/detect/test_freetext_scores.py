"""The figures of the free-text benchmark, on sentences whose score one can count."""

from benchmarks.free_text import Score, scores

SENTENCES = [
    {
        "full_text": "Mr. Jan, 5 High Street; jan@mail.example",
        "spans": [
            {"entity_type": "TITLE", "start_position": 0, "end_position": 3},
            {"entity_type": "PERSON", "start_position": 4, "end_position": 7},
            {"entity_type": "ADDRESS", "start_position": 9, "end_position": 22},
        ],
    },
    {"full_text": "Ok, Jan?", "spans": [{"entity_type": "PERSON", "start_position": 4, "end_position": 7}]},
]


def test_a_finding_is_right_if_it_overlaps_a_label_of_its_kind():
    """An address is a location; a title is nobody; two findings in one label are right, and it was found once."""
    said = {
        "Mr": [
            ("PERSON", 0, 5),
            ("LOCATION", 9, 10),
            ("LOCATION", 16, 22),
            ("PERSON", 9, 22),
            ("EMAIL_ADDRESS", 24, 40),
        ],
        "Ok": [("LOCATION", 4, 7), ("PERSON", 0, 4)],
    }
    assert scores(SENTENCES, lambda text: said[text[:2]]) == {
        "PERSON": Score(1 / 3, 1 / 2, 0.4),
        "LOCATION": Score(2 / 3, 1, 0.8),
        "EMAIL": Score(0, 0, 0),
        "overall": Score(3 / 7, 2 / 3, 2 * (3 / 7) * (2 / 3) / (3 / 7 + 2 / 3)),
    }


def test_who_finds_nothing_scores_nothing():
    assert scores(SENTENCES, lambda _: [])["overall"] == Score(0, 0, 0)
