import type { ProviderKind } from "@synod/settings";
import type { ProviderCodec } from "./codec.js";
import { groq } from "./groq.js";
import { openai } from "./openai.js";
import { openrouter } from "./openrouter.js";

/** Every wire format by its kind. */
export const codecs = { openrouter, groq, openai } as const satisfies Record<ProviderKind, ProviderCodec>;
