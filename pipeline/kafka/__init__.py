"""Kafka: the transactional runner, topics and schemas as code, the codec, the local stack."""
