import type { DescService } from "@bufbuild/protobuf";
import type { ChannelOptions } from "@grpc/grpc-js";
import { defaultMaxBytes } from "../limits.js";
import { isRepeatable } from "./method.js";

/** Fine settings of a channel. The defaults suit services of one cluster. */
export interface GrpcTuning {
  /** The largest request message, in bytes. 16 MiB when unset. */
  readonly writeMaxBytes?: number;
  /** The largest response message, in bytes. 16 MiB when unset. */
  readonly readMaxBytes?: number;
  /** How long a connection with calls may be silent before it is pinged, in milliseconds. 5,000 when unset. */
  readonly keepaliveTimeMs?: number;
  /** How long to wait for the ping's answer before the connection is given up, in milliseconds. 5,000 when unset. */
  readonly keepaliveTimeoutMs?: number;
  /** The least time between two look-ups of a `dns:///` target, in milliseconds. 1,000 when unset. */
  readonly minTimeBetweenResolutionsMs?: number;
  /** The longest wait before connecting again, in milliseconds. The first is a twentieth of it. 2,000 when unset. */
  readonly maxReconnectBackoffMs?: number;
}

/** The options of a channel to these services. */
export function channelOptions(services: readonly DescService[], tuning: GrpcTuning): ChannelOptions {
  const maxBackoffMs = tuning.maxReconnectBackoffMs ?? 2_000;
  return {
    "grpc.service_config": JSON.stringify(serviceConfig(services)),
    // Else a TXT record of the name would replace it.
    "grpc.service_config_disable_resolution": 1,
    "grpc.dns_min_time_between_resolutions_ms": tuning.minTimeBetweenResolutionsMs ?? 1_000,
    "grpc.keepalive_time_ms": tuning.keepaliveTimeMs ?? 5_000,
    "grpc.keepalive_timeout_ms": tuning.keepaliveTimeoutMs ?? 5_000,
    "grpc.keepalive_permit_without_calls": 0,
    "grpc.initial_reconnect_backoff_ms": Math.max(1, Math.round(maxBackoffMs / 20)),
    "grpc.max_reconnect_backoff_ms": maxBackoffMs,
    "grpc.max_send_message_length": tuning.writeMaxBytes ?? defaultMaxBytes,
    "grpc.max_receive_message_length": tuning.readMaxBytes ?? defaultMaxBytes,
    // Else two transports in one process would share connections, and closing one would not close them.
    "grpc.use_local_subchannel_pool": 1,
    // A proxy of the environment is for the outside.
    "grpc.enable_http_proxy": 0,
    "grpc.enable_channelz": 0,
  };
}

/**
 * Round robin over all addresses; a call is repeated only when its method says, by `idempotency_level`, that this has no
 * side effect: a repeated question to a model would be paid twice.
 */
function serviceConfig(services: readonly DescService[]): object {
  const name = services.flatMap((service) =>
    service.methods
      .filter(isRepeatable)
      .map((method) => ({ service: service.typeName, method: method.name })),
  );
  const retryPolicy = {
    maxAttempts: 4,
    initialBackoff: "0.05s",
    maxBackoff: "0.5s",
    backoffMultiplier: 2,
    retryableStatusCodes: ["UNAVAILABLE"],
  };
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: name.length === 0 ? [] : [{ name, retryPolicy }],
  };
}
