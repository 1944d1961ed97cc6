"""Asks and follows the run: what each member does, and the text as it comes."""

from synod.chat.v1 import chat_service_pb2 as messages
from synod.chat.v1 import chat_service_pb2_grpc as services

from .connection import Connection
from .question import question, told


def stream(connection: Connection, options) -> None:
    stub = services.ChatServiceStub(connection.channel)
    request = messages.StreamChatRequest(chat=question(options.model, options.text))
    text = ""
    for response in stub.StreamChat(request, timeout=options.deadline, metadata=connection.metadata()):
        case = response.WhichOneof("event")
        if case == "delta":
            text += response.delta.text
        elif case == "run_event":
            print(f"event {response.run_event.seq}: {response.run_event.WhichOneof('event')}")
        elif case == "finished":
            print(f"streamed: {text}")
            print(told(response.finished.response))
