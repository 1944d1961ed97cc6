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
  /** Its keys, in order of use. Secret. Empty in processes that do not ask upstreams. */
  readonly keys: readonly string[];
  /** Whether it cannot be asked without a key. */
  readonly keyRequired: boolean;
  /** Whether its models are simulated. */
  readonly simulated: boolean;
  /** The most calls at once; no limit of its own when unset. */
  readonly maxConcurrency?: number;
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
}

/** How much is logged. */
export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

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
  /** The folder for embedded data. */
  readonly dataDir: string;
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
  /** What is allowed but looks wrong: to be logged at start. */
  readonly warnings: readonly string[];
}
