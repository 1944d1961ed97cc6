import type {
  DescMessage,
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { linkedController } from "./leavable.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { defaultTimeoutMs, repeated } from "./repeat.js";
import { invalidField, toClientError } from "./to-error.js";

/** Makes of a message what the caller gets. `requestId`: the name of the request in the server's log. */
type Reader<O extends DescMessage, T> = (message: MessageShape<O>, requestId: string) => T;

/** Calls a service, with the deadline, the retries and the errors that every call has. */
export interface Calls {
  unary<I extends DescMessage, O extends DescMessage, T>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    call: CallOptions | undefined,
    read: Reader<O, T>,
  ): Promise<T>;
  /** Whoever leaves it early must abort the signal. */
  stream<I extends DescMessage, O extends DescMessage, T>(
    method: DescMethodServerStreaming<I, O>,
    input: MessageInitShape<I>,
    call: CallOptions | undefined,
    signal: AbortSignal,
    read: Reader<O, T>,
  ): AsyncGenerator<T, void, undefined>;
}

/**
 * Makes the calls.
 *
 * @throws SynodClientError `invalid_value` for an address or a key that cannot be used.
 */
export function createCalls(options: ClientOptions): Calls {
  const baseUrl = checkedUrl(options.baseUrl);
  const apiKey = checkedKey(options.apiKey);
  const transport: Transport = createConnectTransport({
    baseUrl,
    useBinaryFormat: true,
    ...(options.fetch !== undefined && { fetch: options.fetch }),
  });
  const rulesOf = (method: DescMethod, call: CallOptions, signal: AbortSignal) => ({
    retries: call.retries ?? options.retries ?? 0,
    timeoutMs: call.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs,
    isSafe: call.idempotencyKey !== undefined || isFree(method),
    signal,
  });
  const headersOf = (call: CallOptions): Headers => {
    const headers = new Headers();
    if (apiKey !== undefined) headers.set("authorization", `Bearer ${apiKey}`);
    if (call.idempotencyKey !== undefined) headers.set("idempotency-key", checkedName(call.idempotencyKey));
    return headers;
  };
  const failing = (method: DescMethod, signal: AbortSignal, opening: boolean) => (thrown: unknown) =>
    toClientError(thrown, { baseUrl, opening, canceled: signal.aborted, isFree: isFree(method) });

  return {
    async unary(method, input, call = {}, read) {
      const headers = headersOf(call);
      const linked = linkedController(call.signal);
      const { signal } = linked;
      const attempt = async (timeoutMs: number) => {
        const response = await transport.unary(method, signal, timeoutMs, headers, input);
        return read(response.message, requestIdOf(response.header));
      };
      try {
        return await repeated(rulesOf(method, call, signal), attempt, failing(method, signal, true));
      } finally {
        linked.letGo();
      }
    },
    async *stream(method, input, call = {}, signal, read) {
      const headers = headersOf(call);
      const attempt = async (timeoutMs: number) => {
        const response = await transport.stream(method, signal, timeoutMs, headers, just(input));
        const messages = response.message[Symbol.asyncIterator]();
        return { header: response.header, messages, first: await messages.next() };
      };
      const opened = await repeated(rulesOf(method, call, signal), attempt, failing(method, signal, true));
      const requestId = requestIdOf(opened.header);
      try {
        for (let next = opened.first; next.done !== true; next = await opened.messages.next()) {
          yield read(next.value, requestId);
        }
      } catch (thrown) {
        throw failing(method, signal, false)(thrown);
      } finally {
        if (signal.aborted) await readOut(opened.messages);
      }
    },
  };
}

/** Whether nothing is paid for a call, however often it is made. */
const isFree = ({ idempotency }: DescMethod): boolean => idempotency !== Idempotency.IDEMPOTENCY_UNKNOWN;

const requestIdOf = (header: Headers): string => header.get("x-request-id") ?? "";

/** Reads what is left of an aborted call: Connect lets go of its deadline's timer only when a read fails or finds the end. */
async function readOut(messages: AsyncIterator<unknown>): Promise<void> {
  try {
    while ((await messages.next()).done !== true);
  } catch {
    // That it was aborted is known.
  }
}

async function* just<T>(value: T): AsyncGenerator<T> {
  yield value;
}

function checkedUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw invalidField("baseUrl", "baseUrl must be a URL such as http://127.0.0.1:8080.");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw invalidField("baseUrl", "baseUrl must hold no user, password, query or fragment. Use apiKey.");
  }
  return url.href.replace(/\/+$/, "");
}

// The platform's own message for a value that no header can carry would repeat the key.
function checkedKey(apiKey: string | undefined): string | undefined {
  if (apiKey === undefined || /^[\x21-\x7e]{1,512}$/.test(apiKey)) return apiKey;
  throw invalidField("apiKey", "apiKey must be 1 to 512 visible ASCII characters, without spaces.");
}

function checkedName(idempotencyKey: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) return idempotencyKey;
  throw invalidField("idempotencyKey", "idempotencyKey must be 1 to 255 visible ASCII characters.");
}
