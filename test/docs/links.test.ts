import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, documents, linksOf, root } from "./markdown.js";

const reports = ["orchard-frost", "occupancy"].map((name) => `firmware/apps/${name}/model/report/REPORT.md`);

/** Where a link of a document leads, when that is not there. */
function broken(document: string, link: string): string[] {
  const [path, anchor] = link.split("#") as [string, string?];
  const target = path === "" ? document : posix.normalize(posix.join(posix.dirname(document), path));
  const there = existsSync(join(root, target));
  return there && (anchor === undefined || anchorsOf(target).includes(anchor)) ? [] : [`${document}: ${link}`];
}

test("every relative link leads to a file that exists, and to a heading of it", () => {
  const all = [...documents, ...reports].flatMap((document) =>
    linksOf(document).map((link) => [document, link] as const),
  );
  expect(all.length).toBeGreaterThan(30);
  expect(all.flatMap(([document, link]) => broken(document, link))).toEqual([]);
});

test("a missing file and a missing heading are noticed", () => {
  expect(broken("README.md", "docs/no-such-document.md")).toHaveLength(1);
  expect(broken("docs/fleet.md", "boards.md#no-such-heading")).toHaveLength(1);
  expect(broken("docs/fleet.md", "boards.md#adding-a-board")).toEqual([]);
  expect(broken("docs/fleet.md", "#another-broker")).toEqual([]);
});
