"""A question as the contract has it, and an answer as a text."""

from synod.chat.v1 import chat_service_pb2 as chat
from synod.model.v1 import message_pb2 as model


def question(asked: str, text: str) -> chat.ChatRequest:
    turn = model.Message(role=model.ROLE_USER, parts=[model.ContentPart(text=text)])
    return chat.ChatRequest(model=asked, messages=[turn])


def told(answer: chat.ChatResponse) -> str:
    text = "".join(part.text for part in answer.message.parts)
    if not answer.HasField("consensus"):
        return text
    consensus = answer.consensus
    agreement = f"{consensus.agreement_ratio:.2f}" if consensus.HasField("agreement_ratio") else "unknown"
    return f"{text}\n{consensus.strategy}, agreement {agreement}, {consensus.calls_made} calls"
