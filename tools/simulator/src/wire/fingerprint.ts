/** What every reply carries as `system_fingerprint`, so that nobody takes it for a real model's. */
export const FINGERPRINT = "fp_simulation";

/** What replies and lists name as the provider behind OpenRouter. */
export const PROVIDER_NAME = "Simulation";
