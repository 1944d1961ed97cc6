import { Code, ConnectError } from "@connectrpc/connect";
import { Metadata } from "@grpc/grpc-js";

/** Headers as grpc-js wants them. Throws `invalid_argument` for a value that is neither printable ASCII nor, under a name in `-bin`, base64. */
export function toMetadata(headers: Headers): Metadata {
  const metadata = new Metadata();
  headers.forEach((value, key) => {
    try {
      if (!key.endsWith("-bin")) metadata.add(key, value);
      else for (const part of value.split(",")) metadata.add(key, Buffer.from(part.trim(), "base64"));
    } catch (cause) {
      throw new ConnectError(
        `the header ${key} cannot be sent`,
        Code.InvalidArgument,
        undefined,
        undefined,
        cause,
      );
    }
  });
  return metadata;
}

/** Headers as grpc-js gives them; binary ones in base64, as on the wire. */
export function toHeaders(metadata: Metadata): Headers {
  const headers = new Headers();
  for (const [key, values] of Object.entries(metadata.toJSON())) {
    for (const value of values) {
      const text = typeof value === "string" ? value : value.toString("base64").replace(/=+$/, "");
      headers.append(key, text);
    }
  }
  return headers;
}
