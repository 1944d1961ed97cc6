import argparse
import sys

import grpc

from .cancel import cancel
from .chat import chat
from .connection import connect
from .failure import tell
from .health import health
from .models import models
from .reflect import reflect
from .stream import stream

asking = {"chat": chat, "stream": stream, "cancel": cancel}
looking = {"models": models, "health": health, "reflect": reflect}


def seconds(text: str) -> float:
    return float(text.removesuffix("s"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m examples", description="Examples of Synod's ChatService.")
    parser.add_argument("--target", default="127.0.0.1:8081", help="where Synod's gRPC listens")
    parser.add_argument("--key", help="a key of Synod")
    parser.add_argument("--deadline", type=seconds, help="how long to wait at most, such as 20s")
    parser.add_argument("--idempotency-key", help="the same for every repeat of this question")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in asking:
        command = commands.add_parser(name)
        command.add_argument("model", help="synod/<preset>, or one model")
        command.add_argument("text", help="the question")
    for name in looking:
        commands.add_parser(name)
    options = parser.parse_args()

    connection = connect(options.target, options.key)
    with connection.channel:
        try:
            ({**asking, **looking})[options.command](connection, options)
        except grpc.RpcError as error:
            print("\n".join(tell(error)), file=sys.stderr)
            return 1
    return 0


sys.exit(main())
