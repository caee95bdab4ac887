import { expect, it } from "vitest";
import { SettingKey } from "../../lib/settings/keys.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { explore } from "../../scripts/simulate/powercut/explore.js";
import { fetchSubjects } from "../../scripts/simulate/powercut/fetch-subject.js";
import { storesIn } from "../../scripts/simulate/update/fetching-device.js";

const subjects = fetchSubjects();

// All cuts are those of `npm run powercut -- update/fetch`; here are some of each.
it.each(subjects.map((one) => [one.name, one] as const))(
  "%s holds its promises through power cuts",
  (_name, { subject }) => {
    const { firstCuts, violations } = explore(subject(), { variety: 2, firstEvery: 29, secondEvery: 9 });
    expect(violations).toEqual([]);
    expect(firstCuts).toBeGreaterThan(20);
  },
);

it("would notice a block that is lost", () => {
  const subject = subjects.find(({ name }) => name === "update/fetch-on")!.subject();
  const flash = new SimulatedFlash(subject.flash);
  const model = subject.model();
  const bench = model.step(0, subject.open(flash), () => subject.open(flash));
  model.step(1, bench, () => bench);
  expect(model.clone().check(bench, flash, 0)).toEqual([]);
  storesIn(flash).settings.set(SettingKey.UPDATE_PROGRESS, new Uint8Array(0));
  expect(model.check(bench, flash, 0)).toHaveLength(1);
});
