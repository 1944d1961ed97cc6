import { Pool } from "undici";
import type { CallTimers } from "./call-watch.js";
import { Exchange, type UpstreamResponse } from "./exchange.js";
import { toIoError } from "./io-error.js";

/** What a client of an upstream needs. */
export interface UpstreamOptions {
  /** Where to connect: scheme, host and port. What a URL has beside that is left out. */
  readonly origin: string | URL;
  /** How long a connection may take to come about, in milliseconds. Default: 5,000. */
  readonly connectMs?: number;
  /** How long an unused connection is kept, in milliseconds, unless the upstream says less. Default: 20,000. */
  readonly keepAliveMs?: number;
}

/** One call. */
export interface UpstreamRequest {
  readonly method: "GET" | "POST";
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Aborting it destroys the call's connection at once. */
  readonly signal: AbortSignal;
  readonly timers: CallTimers;
  /** The largest body in bytes, after decompression. Default: 32 MiB. */
  readonly maxBytes?: number;
}

/** The connections to one origin. */
export interface UpstreamClient extends AsyncDisposable {
  /**
   * Sends one request, once, and resolves when the head of its response is there.
   *
   * @throws UpstreamIoError when no response came.
   */
  request(request: UpstreamRequest): Promise<UpstreamResponse>;
}

/** The largest body in bytes unless a request says otherwise. */
export const defaultMaxBytes = 32 * 1024 * 1024;

/** Opens a pool of HTTP/1.1 connections to one origin. Nothing is dialled before the first request. */
export function openUpstream(options: UpstreamOptions): UpstreamClient {
  const connectMs = options.connectMs ?? 5_000;
  const pool = new Pool(new URL(options.origin).origin, {
    // It looks every half second only: the call's own timer is exact, this one ends the socket afterwards.
    connect: { timeout: connectMs },
    keepAliveTimeout: options.keepAliveMs ?? 20_000,
    keepAliveMaxTimeout: options.keepAliveMs ?? 20_000,
    pipelining: 1,
    // The call's own timers know a token from a comment; these do not.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async request(request) {
      const exchange = new Exchange({
        signal: request.signal,
        timers: { ...request.timers, connectMs },
        maxBytes: request.maxBytes ?? defaultMaxBytes,
      });
      if (!request.signal.aborted) {
        try {
          pool.dispatch(
            {
              path: request.path,
              method: request.method,
              headers: request.headers,
              body: request.body ?? null,
            },
            exchange,
          );
        } catch (error) {
          exchange.giveUp(toIoError(error, false));
        }
      }
      return exchange.response;
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy();
    },
  };
}
