"""How exactly personal data is found in the web's texts: (seed, findings) -> recall by kind, context and encoding.

    kinds       what is looked for: entity names, labels, how a value is drawn
    people, numbers, machines   the values: nobody's, by seed
    marked      a text, and where the value stands in it
    contexts    literal texts around a value         encodings   texts in which it is encoded
    cases       kinds x contexts, kinds x encodings: the texts, and what was left out for which reason
    clean       texts without personal data, or with what a rule explains
    scoring     findings -> outcomes                 report      outcomes -> tables
    engines     the detectors under test

All but `engines` are pure; `python -m benchmarks.accuracy` runs and prints.
"""
