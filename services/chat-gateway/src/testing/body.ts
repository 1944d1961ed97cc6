/** An answer's body, as far as tests look into it. */
export interface Body {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
  readonly choices: readonly [
    {
      readonly message: Readonly<Record<string, unknown>> & { readonly content: string | null };
      readonly finish_reason: string;
    },
  ];
  readonly usage: Readonly<Record<string, unknown>>;
  readonly simulated?: boolean;
  readonly system_fingerprint: string;
  readonly consensus: Readonly<Record<string, unknown>> & {
    readonly members: readonly {
      readonly status: string;
      readonly error: { readonly code: string } | null;
    }[];
  };
  readonly data: readonly { readonly id: string }[];
  readonly total_count: number;
  readonly links: { readonly next: string | null };
  readonly response: string;
}

/** Reads an answer's body. */
export async function bodyOf(response: Response): Promise<Body> {
  return JSON.parse(await response.text());
}
