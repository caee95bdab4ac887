import { describe, expect, test } from "vitest";
import { findBoard } from "../../../boards/index.js";
import { build, refusal } from "./app-folder.js";

const SLEEPS = `import { deepSleep } from "sertao:sleep";
import { platform } from "sertao:platform";
platform.log(String(deepSleep));`;
const COUNTS = `${SLEEPS}
import { D27 } from "sertao:build";
import { pulseCounter } from "sertao:buses";
pulseCounter(D27).open(5);`;

/** The code of an error that only sleep throws. */
const SLEEP_IMPOSSIBLE = /\b718\b/;

describe("an application that sleeps", () => {
  test.each(["esp8266-4mb", "espruino-wifi", "pixljs", "linux"])("is refused for %s, which cannot", async (id) => {
    const board = findBoard(id)!;
    const error = await refusal(build(SLEEPS, {}, board));
    expect(error.code).toBe("SLEEP_UNSUPPORTED");
    expect(error.problem).toContain(`${id} cannot sleep deeply: ${String(board.deepSleep)}`);
  });

  test.each(["esp32", "esp32c3", "esp32s3", "linux-field"])("is built for %s", async (id) => {
    const { code } = await build(SLEEPS, {}, findBoard(id)!);
    expect(code).toMatch(SLEEP_IMPOSSIBLE);
  });

  test("is refused where it counts pulses, which nobody counts meanwhile", async () => {
    expect((await refusal(build(COUNTS))).code).toBe("SLEEP_PULSES");
    await build(COUNTS.replace(/.*deepSleep.*\n?/g, ""));
  });

  test("costs the others nothing", async () => {
    const { code } = await build(`import { platform } from "sertao:platform";\nplatform.log("x");`);
    expect(code).not.toMatch(SLEEP_IMPOSSIBLE);
  });
});
