"""What people write freely (contact forms, answers to surveys) -> what in it is personal, by a language model.

    lane.py      FreeText: submit(text) -> Future[FreeTextResult] | Busy, at once
    process.py   one worker process, seen from outside: start, ask, kill, replace
    worker.py    the same from inside: limits, silence, text after text
    analyzer.py  Presidio's engine over a spaCy pipeline; the only file that imports them
    language.py  whether the model can read a text at all
    result.py    what comes back

The other lane never waits: no call here blocks, and a text that costs too much costs a process, not a batch.
"""
