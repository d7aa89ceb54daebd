"""Presidio's findings at compiled speed: one scan says which patterns could match, and only these run.

- engine: text -> the findings that Presidio's AnalyzerEngine has with the same recognizers
- gate: text -> numbers of the patterns that could match (Hyperscan, as prefilter)
- shadow: a text beyond ASCII as the gate sees it; databases: the gate's compiled form, on disk
- phones, plans: the same for Presidio's telephone recognizer, which has no patterns
- context: words that stand before a match raise its score; distinct: no finding says what another says better
- reference: Presidio's own engine with the same recognizers, which the compiled one is held to
"""
