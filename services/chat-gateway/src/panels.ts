import { randomInt } from "node:crypto";
import type { RunSpec } from "@synod/consensus";
import type { ProviderService } from "@synod/contracts/provider";
import { type Client, SynodError } from "@synod/rpc";
import { choosePresets, parseOverride, type Preset, resolveSpec, SettingsError } from "@synod/settings";
import { type Clock, waited } from "./clock.js";
import type { ChatGatewayConfig } from "./config.js";
import type { ChatEvents } from "./events.js";
import { invalid, unknownModel } from "./failure.js";
import { panelPrefix, type Question } from "./question.js";

/** How long one try to learn the providers may take, in milliseconds. */
const tryMs = 5_000;
/** How long to wait between tries, in milliseconds: doubled each time, up to the second figure. */
const pauseMs = [100, 5_000] as const;
/** How long a request waits for the providers to be known, in milliseconds. */
const patienceMs = 2_000;

/** What is known of a provider. */
interface KnownProvider {
  readonly id: string;
  readonly available: boolean;
  readonly simulated: boolean;
}

/** What can be asked, once the providers are known. */
export interface PanelBook {
  readonly presets: Readonly<Record<string, Preset>>;
  readonly providers: readonly KnownProvider[];
}

/** The panels that can be asked. Which ones depends on the providers, so they are learned first. */
export interface Panels extends AsyncDisposable {
  /** Whether the providers are known. */
  isReady(): boolean;
  /** Whether a model's provider is known to be simulated. */
  isSimulated(model: string): boolean;
  /**
   * Waits until they are.
   *
   * @throws SynodError `service_unavailable` when the provider gateway does not answer for 2 seconds.
   */
  book(): Promise<PanelBook>;
  /** Waits until they are, however long that takes; undefined when that ends before. Never fails. */
  learned(): Promise<PanelBook | undefined>;
  /**
   * Resolves the settings of the run that a question asks for.
   *
   * @throws SynodError `model_not_found` for an unknown panel; `invalid_value` with the path of what the request may
   * not change, or with the field that the panel cannot honour.
   */
  specOf(question: Question): Promise<RunSpec>;
}

/** What panels need. */
export interface PanelsDeps {
  readonly config: ChatGatewayConfig;
  readonly providers: Client<typeof ProviderService>;
  readonly clock: Clock;
  readonly events: ChatEvents;
}

/** Begins to learn the providers, and tries again until it succeeds. Disposing it stops that. */
export function createPanels({ config, providers, clock, events }: PanelsDeps): Panels {
  const stop = new AbortController();
  let known: PanelBook | undefined;

  async function learn(): Promise<void> {
    for (let pause: number = pauseMs[0]; !stop.signal.aborted; pause = Math.min(2 * pause, pauseMs[1])) {
      try {
        const response = await providers.listProviders({}, { signal: stop.signal, timeoutMs: tryMs });
        known = bookOf(response.providers, config);
        events.presetsChosen(Object.keys(known.presets));
        return;
      } catch (error) {
        if (stop.signal.aborted) return;
        events.providersUnknown(error);
        await waited(pause, clock, stop.signal);
      }
    }
  }
  const learning = learn();

  async function book(): Promise<PanelBook> {
    if (known !== undefined) return known;
    let cancel = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = clock.after(patienceMs, resolve);
    });
    await Promise.race([learning, patience]);
    cancel();
    if (known !== undefined) return known;
    const message = "Synod is starting: its provider gateway does not answer yet. Ask again soon.";
    throw new SynodError({ reason: "service_unavailable", message, retryAfterMs: 1_000 });
  }

  async function specOf(question: Question): Promise<RunSpec> {
    const current = await book();
    const name = question.model.slice(panelPrefix.length);
    const preset = Object.hasOwn(current.presets, name) ? current.presets[name] : undefined;
    if (preset === undefined) {
      const names = Object.keys(current.presets).map((known) => `${panelPrefix}${known}`);
      throw unknownModel(`The panel ${question.model} is not known. Known panels: ${names.join(", ")}.`);
    }
    const { responseFormat, ...sampling } = question.sampling;
    try {
      return resolveSpec(preset, name, {
        providers: current.providers,
        limits: config.settings.limits,
        seed: runSeed(sampling.seed),
        override: question.consensus === undefined ? undefined : parseOverride(question.consensus),
        sampling,
        responseFormat,
        toolsJson: question.toolsJson,
        deadlineMs: question.deadlineMs,
      });
    } catch (error) {
      const mistake = error instanceof SettingsError ? error.mistakes[0] : undefined;
      if (mistake === undefined) throw error;
      throw invalid(mistake.path, `${mistake.path}: ${mistake.message}`);
    }
  }

  return {
    isReady: () => known !== undefined,
    isSimulated: (model) =>
      known?.providers.some(({ id, simulated }) => simulated && model.startsWith(`${id}/`)) ?? false,
    book,
    async learned() {
      await learning;
      return known;
    },
    specOf,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await learning;
    },
  };
}

function bookOf(providers: readonly KnownProvider[], { settings }: ChatGatewayConfig): PanelBook {
  return { providers, presets: choosePresets(settings, providers) };
}

/** A seed of the run's own; where the request has one, always the same, so that labels are shuffled in the same way. */
function runSeed(asked: number | undefined): number {
  return asked === undefined ? randomInt(2 ** 32) : Number(BigInt.asUintN(32, BigInt(asked)));
}
