"""text -> Detection: personal data where the web hides it, each piece at its place.

- detector: decoding, engine, and which of the findings stay; segments: a word for a piece of a path
- decoding/: text -> all readings of it; compiled/: reading -> findings, Presidio's at compiled speed
- kinds/: our own recognizers, one a file, in the form of web.py and with the labels of labels.py
- registry: recognizers.yaml -> recognizers; presidio: Presidio without language models
- freetext/: sentences -> findings, by a language model in processes of its own
"""
