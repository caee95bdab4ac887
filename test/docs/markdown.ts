import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the repository. */
export const root = join(import.meta.dirname, "../..");

/** Every document that a reader is sent to, by its path from the root. */
export const documents: readonly string[] = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** A fenced block: the word after its opening fence, and its lines. */
interface Block {
  readonly language: string;
  readonly lines: readonly string[];
}

/** Text of a document. @param document path from the root */
export function textOf(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

/** The fenced blocks of a document, in order. */
export function blocksOf(document: string): Block[] {
  return [...textOf(document).matchAll(/^ *```(\S*)[^\n]*\n([\s\S]*?)^ *```$/gm)].map(([, language, body]) => ({
    language: language!,
    lines: body!.split("\n").slice(0, -1),
  }));
}

/** A document without its fenced blocks. */
export function proseOf(document: string): string {
  return textOf(document).replace(/^ *```[\s\S]*?^ *```$/gm, "");
}

/** The commands of a document's `sh` blocks, each as a shell would take it: continued lines joined, comments kept. */
export function commandsOf(document: string): string[] {
  return blocksOf(document)
    .filter(({ language }) => language === "sh")
    .flatMap(({ lines }) =>
      lines
        .join("\n")
        .replace(/\\\n */g, "")
        .split("\n"),
    )
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** What `inline code` a document's prose has. */
export function inlineCodeOf(document: string): string[] {
  return [...proseOf(document).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
}

/** Targets of a document's relative links and images. */
export function linksOf(document: string): string[] {
  return [...proseOf(document).matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(document: string): string[] {
  return [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
}
