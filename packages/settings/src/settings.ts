import type { Preset } from "./schema/preset.js";

/** Which process reads the settings: they decide what may be bound and which secrets are read. */
export type ProcessRole = "all-in-one" | "chat" | InnerService;

/** The services that callers do not reach. */
export type InnerService = "provider" | "round" | "aggregation" | "judge";

/** A place to listen at. */
export interface Listener {
  /** A name or an address. Example: `127.0.0.1`. */
  readonly host: string;
  /** 0 to 65,535; 0 takes a free port. */
  readonly port: number;
}

/** How a provider is spoken to. */
export type ProviderKind = "openrouter" | "groq" | "openai";

/** A place where models are asked. */
export interface ProviderSettings {
  /** The prefix of its models' ids. */
  readonly id: string;
  readonly kind: ProviderKind;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Its keys, each once. Secret. Empty in processes that do not ask upstreams. */
  readonly keys: readonly string[];
  /** Whether it cannot be asked without a key. */
  readonly keyRequired: boolean;
  /** Whether its models are simulated. */
  readonly simulated: boolean;
  /** How calls of all its models are bounded together. */
  readonly limits: CallLimits;
  /** How long a connection may take to come about, in milliseconds. */
  readonly connectTimeoutMs: number;
  readonly timeouts: CallTimeouts;
  /** The most upstream calls for one question to one model, not counting a change of the key: 1 repeats none. */
  readonly maxAttempts: number;
  /** How many failures in a row open the breaker of a model and a key. */
  readonly breakerFailures: number;
  /** How long an open breaker lets nothing through, in milliseconds; then one call may try. */
  readonly breakerOpenMs: number;
  /** The most calls that wait, for a place or for a limit, before others are refused. */
  readonly maxQueue: number;
  /** What is set for a model, by the provider's own id of it. Any name may stand here: look with `Object.hasOwn`. */
  readonly models: Readonly<Record<string, ModelSettings>>;
}

/** Bounds of calls. Unset ones bound nothing. */
export interface CallLimits {
  /** The most calls at once. */
  readonly maxConcurrency?: number;
  /** The most calls in a minute, for each key. */
  readonly requestsPerMinute?: number;
  /** The most tokens in a minute, read and written, for each key. */
  readonly tokensPerMinute?: number;
}

/** How long a call may take, in milliseconds. */
export interface CallTimeouts {
  /** From the request to the first token. Comments are none. */
  readonly firstTokenMs: number;
  /** Between two arrivals of bytes, after the first token. */
  readonly idleMs: number;
  /** From the question to the last byte, waits and repeats included. */
  readonly totalMs: number;
}

/** What is set for one model of a provider. Its limits hold beside those of the provider. */
export interface ModelSettings extends CallLimits {
  /** They replace those of the provider, each by itself. */
  readonly timeouts?: Partial<CallTimeouts>;
  /** Its price in billionths of a US dollar per million tokens. It wins over every list of prices. */
  readonly price?: { readonly input: bigint; readonly output: bigint };
  /** How many tokens it reads and writes together. It wins over the provider's list. */
  readonly contextTokens?: number;
}

/** The most that any preset and any request may ask for. */
export interface Limits {
  readonly members: number;
  /** Per member. */
  readonly samples: number;
  readonly rounds: number;
  readonly regenerations: number;
  readonly judges: number;
  /** Per request. */
  readonly messages: number;
  readonly requestBytes: number;
  /** Questions that one process answers at once. */
  readonly requestsAtOnce: number;
  /** Bytes of all requests that one process answers at once. */
  readonly bytesAtOnce: number;
}

/** Where things are kept that outlive a process: runs, keys, what was spent. */
export interface StorageSettings {
  /** The folder of the embedded database. Not used with `databaseUrl`. */
  readonly dataDir: string;
  /** `postgres://…`. Secret. Empty in processes that keep nothing. */
  readonly databaseUrl?: string;
  readonly history: HistorySettings;
}

/** How runs are kept. */
export interface HistorySettings {
  /** Whether they are stored. Otherwise the newest are kept in memory. */
  readonly enabled: boolean;
  /** Days after which a stored run is deleted, 1 or more. */
  readonly retentionDays: number;
}

/** How much is logged. */
export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

/** Where traces go. */
export interface TelemetrySettings {
  /** The base URL of an OTLP collector over HTTP, without a trailing slash. No traces when unset. */
  readonly otlpEndpoint?: string;
  /** Headers for it. Secret. */
  readonly otlpHeaders: Readonly<Record<string, string>>;
}

/** Everything that the operator has set, with every default filled in. */
export interface Settings {
  /** The public HTTP/1.1 listener. */
  readonly http: Listener;
  /** The public gRPC listener. */
  readonly grpc: Listener;
  /** Keys that callers must show. Secret. Empty: everyone may call, on loopback only. */
  readonly apiKeys: readonly string[];
  /** Browser origins that may call; `*` for all. */
  readonly corsOrigins: readonly string[];
  readonly storage: StorageSettings;
  readonly logLevel: LogLevel;
  /** gRPC targets of the inner services. Example: `dns:///aggregation:7003`. */
  readonly targets: Readonly<Record<InnerService, string>>;
  /** The secret between the services. */
  readonly innerToken?: string;
  /** Where each inner service listens when it is started alone. */
  readonly inner: Readonly<
    Record<InnerService, { readonly host: string; readonly grpcPort: number; readonly webPort: number }>
  >;
  readonly providers: readonly ProviderSettings[];
  /** The configured presets by name. `choosePresets` adds the shipped ones. */
  readonly presets: Readonly<Record<string, Preset>>;
  readonly limits: Limits;
  readonly telemetry: TelemetrySettings;
  /** What is allowed but looks wrong: to be logged at start. */
  readonly warnings: readonly string[];
}
