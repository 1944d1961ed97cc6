import type { SubjectName } from "./plan.js";

/** What was read from one subject. */
export interface StreamsSample {
  readonly subject: SubjectName;
  /** Streams of the small crowd, and of the large one. */
  readonly few: number;
  readonly many: number;
  /** Memory of the large crowd's processes at `few` streams, and after each step to `many`. */
  readonly memory: readonly MemoryAt[];
  /** One per window, of both crowds in the same window. Empty when memory alone was measured. */
  readonly windows: readonly Window[];
}

/** Memory with so many streams open and silent. */
export interface MemoryAt {
  readonly streams: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** CPU of a crowd's processes and the events that its streams heard, in one window. */
export interface CrowdWindow {
  readonly cpuMs: number;
  readonly events: number;
}

/** One window. */
export interface Window {
  readonly few: CrowdWindow;
  readonly many: CrowdWindow;
}
