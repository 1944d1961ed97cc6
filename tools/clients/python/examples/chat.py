"""Asks a panel or one model, and prints the answer and how far the panel agrees."""

from synod.chat.v1 import chat_service_pb2_grpc as services

from .connection import Connection
from .question import question, told


def chat(connection: Connection, options) -> None:
    stub = services.ChatServiceStub(connection.channel)
    # A question that is sent twice with the same key is paid once. Make one for each question, and keep it for its repeats.
    more = [] if options.idempotency_key is None else [("idempotency-key", options.idempotency_key)]
    answer = stub.Chat(
        question(options.model, options.text),
        timeout=options.deadline,
        metadata=connection.metadata(*more),
    )
    print(told(answer))
