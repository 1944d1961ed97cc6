// No empty, `.` or `..` segment: an id becomes a part of a path at some providers.
const laterSegment = String.raw`[A-Za-z0-9@~][\w.:@+~-]*`;

/** A model's id, with or without its provider's prefix. */
export const modelIdPattern = new RegExp(
  String.raw`^(?=.{1,200}$)[A-Za-z0-9][\w.:@+~-]*(\/${laterSegment})*$`,
);

/** What follows the provider's prefix in a model's id: what the provider itself calls it. */
export const ownIdPattern = new RegExp(String.raw`^(?=.{1,200}$)${laterSegment}(\/${laterSegment})*$`);
