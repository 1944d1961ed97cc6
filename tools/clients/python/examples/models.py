"""Lists what can be asked: panels first, then the providers' models."""

from synod.chat.v1 import chat_service_pb2 as messages
from synod.chat.v1 import chat_service_pb2_grpc as services

from .connection import Connection


def models(connection: Connection, options) -> None:
    stub = services.ChatServiceStub(connection.channel)
    listed = stub.ListModels(messages.ListModelsRequest(), metadata=connection.metadata())
    for model in listed.models:
        print(f"{model.id} ({model.owner})")
