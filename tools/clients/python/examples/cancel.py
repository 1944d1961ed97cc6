"""Leaves a question before it is answered: what is being asked upstream is cancelled."""

import grpc

from synod.chat.v1 import chat_service_pb2 as messages
from synod.chat.v1 import chat_service_pb2_grpc as services

from .connection import Connection
from .question import question


def cancel(connection: Connection, options) -> None:
    stub = services.ChatServiceStub(connection.channel)
    request = messages.StreamChatRequest(chat=question(options.model, options.text))
    call = stub.StreamChat(request, metadata=connection.metadata())
    try:
        for response in call:
            if response.run_event.WhichOneof("event") == "round_started":
                print("the members are being asked: leaving")
                # A `break` alone does not cancel.
                call.cancel()
    except grpc.RpcError as error:
        print(error.code().name)
