export { type AllInOne, type AllInOneDeps, createAllInOne } from "./create.js";
