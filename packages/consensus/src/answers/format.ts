/** How answers are compared. `auto` takes a number or an option if there is one, else the whole text. */
export type AnswerFormat = "auto" | "number" | "choice" | "boolean" | "json" | "exact" | "text";
