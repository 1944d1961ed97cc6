/** Keywords that hold schemas by name. */
export const MAPS: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
  "dependencies",
]);

/** Keywords that hold data. All others may be referred to as schemas, also those that nobody knows. */
export const DATA: ReadonlySet<string> = new Set(["enum", "const", "default"]);

/** What the validator reads of each schema that it applies, `type` apart. */
export const READ: readonly string[] = (
  "$ref $recursiveRef $recursiveAnchor const enum required not anyOf allOf oneOf if then else format " +
  "properties patternProperties additionalProperties unevaluatedProperties minProperties maxProperties propertyNames " +
  "dependentRequired dependentSchemas dependencies prefixItems items additionalItems unevaluatedItems contains " +
  "minContains maxContains minItems maxItems uniqueItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf " +
  "minLength maxLength pattern __absolute_uri__ __absolute_ref__ __absolute_recursive_ref__"
).split(" ");
