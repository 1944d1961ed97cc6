import type { ModelProfile } from "../../models/profile.js";
import { CREATED } from "../openrouter/models.js";

/** The body of `GET /models`. */
export function groqModelList(profiles: readonly ModelProfile[]): object {
  return { object: "list", data: profiles.map(groqModel) };
}

/** The body of `GET /models/:id`. */
export function groqModel({ id, contextLength }: ModelProfile): object {
  return {
    id,
    object: "model",
    created: CREATED,
    owned_by: "Simulation",
    active: true,
    context_window: contextLength,
  };
}
