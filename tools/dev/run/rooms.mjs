// What a project may list as a dependency. The linter sees static imports; this closes the door for the others, since
// an import of what is not listed fails the check of unused code.
const services = /^@synod\/(chat-gateway|provider-gateway|round|aggregation|judge)$/;
const packages =
  /^@synod\/(contracts|consensus|mapping|rpc|run-store|settings|telemetry|upstream-http|client)$/;
const outside = /^(?!@synod\/)/;
const helpers = /^@synod\/(simulator|testing)$/;

const rooms = [
  { folder: /^packages\/contracts$/, may: [/^@bufbuild\//] },
  { folder: /^packages\/consensus$/, may: [/^@stdlib\//, /^@cfworker\/json-schema$/, /^re2js$/] },
  { folder: /^packages\/testing$/, may: [packages, outside, /^@synod\/simulator$/] },
  { folder: /^packages\//, may: [packages, outside] },
  { folder: /^services\/all-in-one$/, may: [packages, services, outside, /^@synod\/simulator$/] },
  { folder: /^services\//, may: [packages, outside] },
  { folder: /^(tools|tests)(\/|$)/, may: [packages, services, outside, helpers, /^@synod\/all-in-one$/] },
];
const mayInTests = [outside, helpers];

/** Says which listed dependencies cross a wall of the architecture. */
export function dependencyMistakes(projects) {
  return projects.flatMap(({ name, folder, dependencies, devDependencies }) => {
    const room = rooms.find((candidate) => candidate.folder.test(folder));
    if (room === undefined) return [`${folder} is in no room: add it to tools/dev/run/rooms.mjs`];
    const wrong = (allowed, names) =>
      Object.keys(names).filter((other) => !allowed.some((rule) => rule.test(other)));
    return [...wrong(room.may, dependencies), ...wrong([...room.may, ...mayInTests], devDependencies)].map(
      (other) => `${folder}/package.json: ${name} may not depend on ${other}`,
    );
  });
}
