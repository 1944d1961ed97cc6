import { z } from "zod";
import { askingFields, error, text, whole } from "./body-schema.js";

const oneText = text.min(1, error("must not be empty"));
const promptMistake = error("must be a text, or a list of one text");

/** The fields of a text completion's body that Synod itself reads, by zod. Other fields are kept. Null means unset. */
export const completionBody = z.looseObject(
  {
    ...askingFields,
    prompt: z.union([oneText, z.tuple([oneText], promptMistake)], promptMistake),
    best_of: whole(1, 128),
    echo: z.boolean(error("must be true or false")).nullish(),
  },
  error("the body must be a JSON object"),
);

/** A text completion's body that was checked. */
export type CompletionBody = z.infer<typeof completionBody>;
