"""pii-pipeline: enforces a privacy policy on Kafka streams while the events flow.

The steps of a record, in order, and what goes in and out of each:

    kafka/ship      file              -> raw.weblog               (command `ship`; in production a log shipper)
    sources/        bytes             -> WebLogLine | Rejected    what a line says
    protect/        raw field         -> token, generalized value
    detect/         text              -> Detection                personal data where the web hides it, at its place
    stages/sanitize Batch             -> events.page_view, visits, quarantine.sanitize
    stages/aggregate Batch of visits  -> partials                 bounded counts of closed windows
    datasets/       Partials          -> rows that reach k, a rest row, a manifest
    control/        partials          -> anon.page_views          one release a window, day keys, schedules

Around them:

    model/    the nouns that flow; imports nothing of ours
    policy/   the law: what may become of each field; the only place that answers "may we?"
    kafka/    the transactional runner, topics and schemas as code, codec, the local stack
    store/    what is not a stream: wrapped day keys, partials, releases (SQL), the local KMS
    cli/      the command; composes the parts
    config.py settings (alone reads the environment) · errors.py · observe: logs, metrics, health

Imports point inwards only: cli > control > kafka, store > stages > sources, datasets > policy, detect, protect
> model. `make check` enforces it. Only kafka/, store/, control/ and cli/ do I/O; clock, randomness and keys are
passed in. detect/freetext/ runs processes: a language model is too slow, and too fragile, for the loop.
"""
