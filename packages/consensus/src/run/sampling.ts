/** How a model is asked to write. An unset field means the provider's own default. */
export interface Sampling {
  /** The most tokens that it may write, 1 or more. */
  readonly maxOutputTokens?: number;
  /** 0 to 2. */
  readonly temperature?: number;
  /** Above 0 to 1. */
  readonly topP?: number;
  readonly seed?: number;
  /** At most 4 texts. */
  readonly stop?: readonly string[];
  /** -2 to 2. */
  readonly frequencyPenalty?: number;
  /** -2 to 2. */
  readonly presencePenalty?: number;
  readonly responseFormat?: ResponseFormat;
}

/** The shape of a reply. `schemaJson` is a JSON Schema as text; `description` says what the reply is for, if anything. */
export type ResponseFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly name: string;
      readonly description?: string;
      readonly schemaJson: string;
      readonly strict: boolean;
    };
