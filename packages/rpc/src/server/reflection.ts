import { type DescFile, type DescService, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectRouter } from "@connectrpc/connect";
import { ServerReflection, type ServerReflectionRequest } from "@synod/contracts/reflection";
import {
  ServerReflection as ElderReflection,
  type ServerReflectionRequest as ElderRequest,
} from "@synod/contracts/reflection-alpha";
import { type DescriptorIndex, indexDescriptors } from "./descriptor-index.js";

/** A question, in whatever version of the contract it came: they differ in their names alone. */
interface Question {
  readonly host: string;
  readonly messageRequest: (ServerReflectionRequest | ElderRequest)["messageRequest"];
}

type Answer =
  | { case: "listServicesResponse"; value: { service: { name: string }[] } }
  | { case: "fileDescriptorResponse"; value: { fileDescriptorProto: Uint8Array[] } }
  | { case: "allExtensionNumbersResponse"; value: { baseTypeName: string; extensionNumber: number[] } }
  | { case: "errorResponse"; value: { errorCode: number; errorMessage: string } };

/**
 * `grpc.reflection.v1`, and its elder `v1alpha`, the only one that Python's and older clients know: tells a client which
 * services there are, and how their messages look.
 */
export function reflectionRoutes(services: readonly DescService[]): (router: ConnectRouter) => void {
  const index = indexDescriptors([...services, ServerReflection, ElderReflection]);

  async function* info<Asked extends Question>(requests: AsyncIterable<Asked>) {
    // A file that was sent is not sent again as the dependency of another one.
    const sent = new Set<string>();
    for await (const request of requests) {
      yield {
        validHost: request.host,
        originalRequest: request,
        messageResponse: answer(index, request, sent),
      };
    }
  }

  return (router) => {
    router.service(ServerReflection, { serverReflectionInfo: info });
    router.service(ElderReflection, { serverReflectionInfo: info });
  };
}

function answer(index: DescriptorIndex, { messageRequest }: Question, sent: Set<string>): Answer {
  switch (messageRequest.case) {
    case "listServices": {
      const service = index.services.map((name) => ({ name }));
      return { case: "listServicesResponse", value: { service } };
    }
    case "fileByFilename":
      return fileAnswer(index.file(messageRequest.value), sent);
    case "fileContainingSymbol":
      return fileAnswer(index.fileOfSymbol(messageRequest.value), sent);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = messageRequest.value;
      const extension = index.extensionsOf(containingType)?.find(({ number }) => number === extensionNumber);
      return fileAnswer(extension?.file, sent);
    }
    case "allExtensionNumbersOfType": {
      const baseTypeName = messageRequest.value;
      const extensions = index.extensionsOf(baseTypeName);
      if (extensions === undefined) return errorAnswer(Code.NotFound, "unknown message");
      const extensionNumber = extensions.map(({ number }) => number);
      return { case: "allExtensionNumbersResponse", value: { baseTypeName, extensionNumber } };
    }
    case undefined:
      return errorAnswer(Code.InvalidArgument, "nothing was asked");
  }
}

function fileAnswer(file: DescFile | undefined, sent: Set<string>): Answer {
  if (file === undefined) return errorAnswer(Code.NotFound, "not found");
  const files: DescFile[] = [];
  collect(file, files, sent);
  if (!files.includes(file)) files.unshift(file);
  const fileDescriptorProto = files.map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function collect(file: DescFile, into: DescFile[], sent: Set<string>): void {
  if (sent.has(file.proto.name)) return;
  sent.add(file.proto.name);
  into.push(file);
  for (const dependency of file.dependencies) collect(dependency, into, sent);
}

function errorAnswer(errorCode: Code, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}
