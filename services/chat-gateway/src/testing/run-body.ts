import type { Body } from "./body.js";

/** A run's body, as far as tests look into it. */
export interface RunBody {
  readonly id: string;
  readonly object: string;
  readonly status: string;
  readonly created_at: number;
  readonly finished_at: number | null;
  readonly request: unknown;
  readonly response: (Body & { readonly id: string; readonly created: number }) | null;
  readonly error: Body["error"] | null;
  readonly consensus: Readonly<Record<string, unknown>>;
}

/** A list of runs, as far as tests look into it. */
export interface RunListBody {
  readonly object: string;
  readonly data: readonly (Pick<RunBody, "id" | "object" | "status"> & { readonly preset: string })[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** Reads a run's body. */
export async function runBodyOf(response: Response): Promise<RunBody> {
  return JSON.parse(await response.text());
}

/** Reads the body of a list of runs. */
export async function runListOf(response: Response): Promise<RunListBody> {
  return JSON.parse(await response.text());
}
