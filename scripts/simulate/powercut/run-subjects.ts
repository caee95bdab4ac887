import type { ExploreOptions, Exploration } from "./explore.js";
import { explore } from "./explore.js";
import { outboxScenarios, outboxSubject } from "./outbox-subject.js";
import { settingsScenarios, settingsSubject } from "./settings-subject.js";

/** A subject whose device type no longer matters. */
export interface Runnable {
  readonly name: string;
  readonly steps: number;
  explore(options: ExploreOptions): Exploration;
}

/** Everything that `npm run powercut` tries, settings first. */
export function runnables(): Runnable[] {
  const settings = settingsScenarios().map((scenario) => settingsSubject(scenario));
  const outbox = outboxScenarios().map((scenario) => outboxSubject(scenario));
  return [
    ...settings.map((subject) => ({
      name: subject.name,
      steps: subject.steps,
      explore: (options: ExploreOptions) => explore(subject, options),
    })),
    ...outbox.map((subject) => ({
      name: subject.name,
      steps: subject.steps,
      explore: (options: ExploreOptions) => explore(subject, options),
    })),
  ];
}
