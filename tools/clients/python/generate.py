"""Generates the stubs of Synod's contracts: python generate.py [FOLDER], by default ./gen."""

import sys
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

HERE = Path(__file__).resolve().parent
PROTO = HERE.parents[2] / "proto"
THIRD_PARTY = PROTO / "third_party"
WELL_KNOWN = Path(grpc_tools.__file__).parent / "_proto"


def main() -> int:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "gen"
    out.mkdir(parents=True, exist_ok=True)
    # Google's own contracts come with googleapis-common-protos and the packages of gRPC.
    files = [
        *(file.relative_to(PROTO) for file in (PROTO / "synod").rglob("*.proto")),
        *(file.relative_to(THIRD_PARTY) for file in (THIRD_PARTY / "buf").rglob("*.proto")),
    ]
    roots = [f"-I{root}" for root in (THIRD_PARTY, PROTO, WELL_KNOWN)]
    outputs = [f"--{kind}_out={out}" for kind in ("python", "grpc_python", "pyi")]
    return protoc.main(["protoc", *roots, *outputs, *sorted(file.as_posix() for file in files)])


if __name__ == "__main__":
    sys.exit(main())
