"""The control plane: decisions, few and precious, on Faust; the SQL store is their truth.

app.py         the Faust app: an agent on `partials`, timers
transport.py   Faust reading committed records only, with its gaps right
guards.py      ends the process when Faust stands still or loses a send; blocking work off the loop
intake.py      bytes of a record -> Partial | Rejected
quarantine.py  what cannot be read -> quarantine.control, sealed
control.py     what the agent and the timers do, without Faust
release.py     complete windows -> one release each
publisher.py   records of a release -> the dataset's topic, in one Kafka transaction
schedules.py   day keys made ahead and destroyed
run.py         all of it as one process
"""
