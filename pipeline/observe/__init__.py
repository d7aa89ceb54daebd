"""What a process tells about itself: logs, metrics, health. Never a raw value.

logs.py     structlog to stderr; exceptions as type and place, without their message
denials.py  what the policy denied, as a warning a minute with reason, section and number
metrics.py  prometheus-client collectors in a registry of their own
health.py   /healthz: the loop turns; /readyz: it has its part of the work and its last step succeeded
server.py   /metrics /healthz /readyz on a thread
"""
