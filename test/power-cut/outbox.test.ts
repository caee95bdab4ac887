import { describe, expect, it } from "vitest";
import { explore } from "../../scripts/simulate/powercut/explore.js";
import { outboxScenarios, outboxSubject } from "../../scripts/simulate/powercut/outbox-subject.js";

describe("the outbox under power cuts", () => {
  it.each(outboxScenarios())("$name: no cut, no second cut breaks a promise", (scenario) => {
    const result = explore(outboxSubject(scenario), { variety: 1, firstEvery: 7, secondEvery: 29 });
    expect(result.violations.slice(0, 3)).toEqual([]);
    expect(result.firstCuts).toBeGreaterThan(1000);
    expect(result.secondCuts).toBeGreaterThan(300);
    console.log(result);
  });
});
