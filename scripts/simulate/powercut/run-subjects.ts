import type { ExploreOptions, Exploration } from "./explore.js";
import { explore } from "./explore.js";
import { fetchSubjects } from "./fetch-subject.js";
import { outboxScenarios, outboxSubject } from "./outbox-subject.js";
import { settingsScenarios, settingsSubject } from "./settings-subject.js";
import type { Subject } from "./subject.js";
import { updatesScenarios, updatesSubject } from "./updates-subject.js";

/** A subject whose device type no longer matters. */
export interface Runnable {
  readonly name: string;
  readonly steps: number;
  explore(options: ExploreOptions): Exploration;
}

/** Everything that `npm run powercut` tries, settings first. */
export function runnables(): Runnable[] {
  return [
    ...settingsScenarios().map((scenario) => runnable(settingsSubject(scenario))),
    ...outboxScenarios().map((scenario) => runnable(outboxSubject(scenario))),
    ...updatesScenarios().map((scenario) => runnable(updatesSubject(scenario))),
    ...fetchSubjects().map(({ name, steps, subject }) => ({
      name,
      steps,
      explore: (options: ExploreOptions) => explore(subject(), options),
    })),
  ];
}

function runnable<Device>(subject: Subject<Device>): Runnable {
  return { name: subject.name, steps: subject.steps, explore: (options) => explore(subject, options) };
}
