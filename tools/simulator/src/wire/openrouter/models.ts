import type { ModelProfile } from "../../models/profile.js";
import { PROVIDER_NAME } from "../fingerprint.js";

/** Epoch seconds: when the simulated models came into being. */
export const CREATED = 1_763_769_600;

const PARAMETERS = [
  "frequency_penalty",
  "max_tokens",
  "presence_penalty",
  "response_format",
  "seed",
  "stop",
  "structured_outputs",
  "temperature",
  "top_p",
] as const;

const ARCHITECTURE = {
  modality: "text->text",
  input_modalities: ["text"],
  output_modalities: ["text"],
  tokenizer: "Other",
  instruct_type: null,
} as const;

/** The body of `GET /models`, of the page that the query asks for. */
export function openrouterModelList(profiles: readonly ModelProfile[], query: URLSearchParams): object {
  const wanted = query.get("q")?.toLowerCase() ?? "";
  const found = profiles.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted));
  const offset = wholeNumber(query.get("offset")) ?? 0;
  const limit = wholeNumber(query.get("limit")) ?? found.length;
  const page = found.slice(offset, offset + limit);
  const rest = new URLSearchParams({ offset: String(offset + limit), limit: String(limit) });
  const next = offset + limit < found.length ? `/api/v1/models?${rest.toString()}` : null;
  return { data: page.map(openrouterModel), links: { next }, total_count: found.length };
}

/** The body of `GET /models/:author/:slug/endpoints`. */
export function openrouterEndpoints(profile: ModelProfile): object {
  const { id, name } = profile;
  return {
    data: {
      id,
      name,
      created: CREATED,
      description: DESCRIPTION,
      architecture: ARCHITECTURE,
      endpoints: [openrouterEndpoint(profile)],
    },
  };
}

const DESCRIPTION = "A simulated model: it knows a bank of questions and sums, and nothing else.";

function openrouterModel({ id, name, price, contextLength }: ModelProfile): object {
  return {
    id,
    canonical_slug: id,
    name,
    created: CREATED,
    description: DESCRIPTION,
    context_length: contextLength,
    architecture: ARCHITECTURE,
    pricing: { ...price, request: "0", image: "0" },
    top_provider: { context_length: contextLength, max_completion_tokens: null, is_moderated: false },
    per_request_limits: null,
    supported_parameters: PARAMETERS,
    default_parameters: {},
    supported_voices: null,
    expiration_date: null,
    knowledge_cutoff: null,
    links: { details: `/api/v1/models/${id}/endpoints` },
  };
}

function openrouterEndpoint(profile: ModelProfile): object {
  const { id, name, price, contextLength, latency, tokensPerSecond } = profile;
  const spread = (median: number, factors: readonly number[]) => {
    const [p50, p75, p90, p99] = factors.map((factor) => Math.round(median * factor));
    return { p50, p75, p90, p99 };
  };
  return {
    name: `${PROVIDER_NAME} | ${id}`,
    model_id: id,
    model_name: name,
    provider_name: PROVIDER_NAME,
    tag: PROVIDER_NAME.toLowerCase(),
    quantization: "unknown",
    context_length: contextLength,
    max_completion_tokens: null,
    max_prompt_tokens: null,
    pricing: { ...price, request: "0", image: "0" },
    supported_parameters: PARAMETERS,
    status: 0,
    uptime_last_5m: 100,
    uptime_last_30m: 100,
    uptime_last_1d: 100,
    latency_last_30m: spread(latency.medianMs, [1, 1.3, 1.7, 2.6]),
    throughput_last_30m: spread(tokensPerSecond, [1, 1.1, 1.2, 1.4]),
    supports_implicit_caching: false,
    supports_tool_choice: { auto: true, function: true, none: true, required: true },
  };
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
