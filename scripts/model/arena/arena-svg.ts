import type { CompileReport } from "../compile-report.js";
import { arenaTenants, type Tenant } from "./tenants.js";

const LEFT = 64;
const RIGHT = 20;
const TOP = 44;
const PLOT_HEIGHT = 340;
const LEAST_WIDTH = 900;
const LEAST_STEP_WIDTH = 16;
const LEAST_HEIGHT = 1.5;
const LEGEND_ROW = 16;
const LEGEND_COLUMNS = 2;
const CHARACTER = 6.2;
/** Height of a character of a step's name, which stands askew. */
const ASKEW = 5.2;
const GREATEST_NAME = 38;
const TICKS = 4;
/** Fills that black text is legible on. */
const COLOURS = ["#8ecae6", "#ffd166", "#b5e48c", "#f4a6b8", "#cdb4f5", "#ffb27a", "#a0e7e5", "#d9c9a5"];

/**
 * Draws a model's arena over time: steps to the right, bytes upwards, a rectangle for each tensor from the operator that
 * writes it to the last that reads it. An SVG image that needs nothing else.
 */
export function arenaSvg(report: CompileReport, title: string): string {
  return new Drawing(report, title).text();
}

class Drawing {
  readonly #tenants: readonly Tenant[];
  readonly #steps: readonly string[];
  readonly #stepWidth: number;
  readonly #width: number;
  readonly #bottom = TOP + PLOT_HEIGHT;
  readonly #parts: string[] = [];

  constructor(
    private readonly report: CompileReport,
    private readonly title: string,
  ) {
    this.#tenants = arenaTenants(report);
    this.#steps = ["input", ...report.operators.map(({ node, operator }) => `${node} ${operator}`), "output"];
    this.#width = Math.max(LEAST_WIDTH, LEFT + RIGHT + this.#steps.length * LEAST_STEP_WIDTH);
    this.#stepWidth = (this.#width - LEFT - RIGHT) / this.#steps.length;
  }

  text(): string {
    this.#axes();
    for (const tenant of this.#tenants) this.#rectangle(tenant);
    this.#bound();
    this.#smallLabels();
    const longest = this.#steps.reduce((most, name) => Math.max(most, name.length), 0);
    const legendTop = this.#bottom + longest * ASKEW + 30;
    const rows = Math.ceil(this.#tenants.length / LEGEND_COLUMNS);
    this.#legend(legendTop, rows);
    const height = Math.ceil(legendTop + rows * LEGEND_ROW);
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${this.#width}" height="${height}" viewBox="0 0 ${this.#width} ${height}" font-family="sans-serif" font-size="11">`,
      `<rect width="100%" height="100%" fill="#fff"/>`,
      `<text x="${LEFT}" y="20" font-size="14" font-weight="bold">${escape(this.title)}</text>`,
      ...this.#parts,
      "</svg>",
      "",
    ].join("\n");
  }

  #x(step: number): number {
    return LEFT + step * this.#stepWidth;
  }

  #y(bytes: number): number {
    return this.#bottom - (bytes / this.report.arenaBytes) * PLOT_HEIGHT;
  }

  #axes(): void {
    for (let tick = 0; tick <= TICKS; tick++) {
      const bytes = Math.round((this.report.arenaBytes * tick) / TICKS);
      this.#line(LEFT, this.#y(bytes), this.#width - RIGHT, this.#y(bytes), "#ddd");
      this.#label(LEFT - 6, this.#y(bytes) + 4, thousands(bytes), "end");
    }
    this.#steps.forEach((name, step) => {
      const x = this.#x(step + 0.5) + 4;
      const y = this.#bottom + 8;
      this.#line(this.#x(step), TOP, this.#x(step), this.#bottom, "#eee");
      this.#parts.push(`<text transform="translate(${x} ${y}) rotate(-55)" text-anchor="end">${escape(name)}</text>`);
    });
    this.#parts.push(
      `<text transform="translate(14 ${TOP + PLOT_HEIGHT / 2}) rotate(-90)" text-anchor="middle">bytes</text>`,
    );
  }

  #rectangle({ number, name, bytes, offset, first, last, inPlaceOf }: Tenant): void {
    const x = this.#x(this.#start(first, inPlaceOf));
    const width = this.#x(this.#end(number, last)) - x;
    const height = Math.max(this.#y(offset) - this.#y(offset + bytes), LEAST_HEIGHT);
    const y = this.#y(offset) - height;
    const colour = COLOURS[(number - 1) % COLOURS.length]!;
    const dashes = inPlaceOf === undefined ? "" : ` stroke-dasharray="4 3"`;
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colour}" stroke="#333"${dashes}><title>${escape(`${name}: ${bytes} bytes at ${offset}`)}</title></rect>`,
    );
    if (!isTall(height)) return;
    const middle = y + height / 2 + 4;
    const size = `${thousands(bytes)} B`;
    const text = fitting([`${number} ${name}, ${size}`, `${number}: ${size}`, `${number}`], width);
    this.#label(x + width / 2, middle, text, "middle");
    if (inPlaceOf !== undefined && height > 34) {
      const note = fitting([`in place of ${inPlaceOf}`, `↻${inPlaceOf}`], width);
      this.#label(x + width / 2, middle + 14, note, "middle", "#555");
    }
  }

  /** A tensor in place of another begins in the middle of the operator that reads the one and writes the other. */
  #start(first: number, inPlaceOf: number | undefined): number {
    return inPlaceOf === undefined ? first : first + 0.5;
  }

  #end(number: number, last: number): number {
    return this.#tenants.some(({ inPlaceOf }) => inPlaceOf === number) ? last + 0.5 : last + 1;
  }

  /** Numbers of tensors too low to write in: above them, one over the other where several are in one place. */
  #smallLabels(): void {
    const used: { x: number; y: number }[] = [];
    for (const { number, bytes, offset, first, last, inPlaceOf } of this.#tenants) {
      const top = this.#y(offset + bytes);
      if (isTall(this.#y(offset) - top)) continue;
      const x = (this.#x(this.#start(first, inPlaceOf)) + this.#x(this.#end(number, last))) / 2;
      let y = top - 3;
      while (used.some((other) => Math.abs(other.x - x) < 14 && Math.abs(other.y - y) < 11)) y -= 11;
      used.push({ x, y });
      this.#label(x, y, String(number), "middle");
    }
  }

  #bound(): void {
    const { arenaBytes, liveBytes, scratchBytes } = this.report;
    const y = this.#y(liveBytes);
    this.#parts.push(
      `<path d="M${LEFT} ${round(y)}H${this.#width - RIGHT}" stroke="#b00020" stroke-width="1.5" stroke-dasharray="8 4"/>`,
    );
    const waste = arenaBytes - liveBytes;
    const bound = `tensors alive at one time: ${thousands(liveBytes)} B at most`;
    const arena = `arena ${thousands(arenaBytes)} B${waste > 0 ? `, ${thousands(waste)} B lost to gaps` : ", no gaps"}`;
    this.#label(LEFT, 36, `${bound} (red line)`, "start", "#b00020");
    this.#label(this.#width - RIGHT, 36, `${arena}; scratch apart: ${thousands(scratchBytes)} B`, "end");
  }

  #legend(top: number, rows: number): void {
    const columnWidth = (this.#width - LEFT - RIGHT) / LEGEND_COLUMNS;
    this.#tenants.forEach(({ number, name, bytes, offset, inPlaceOf }, index) => {
      const x = LEFT + Math.floor(index / rows) * columnWidth;
      const y = round(top + (index % rows) * LEGEND_ROW);
      const colour = COLOURS[(number - 1) % COLOURS.length]!;
      this.#parts.push(
        `<rect x="${round(x)}" y="${Number(y) - 9}" width="10" height="10" fill="${colour}" stroke="#333"/>`,
      );
      const text = `${number}  ${cut(name, GREATEST_NAME)}: ${thousands(bytes)} B at ${thousands(offset)}`;
      this.#label(x + 16, Number(y), inPlaceOf === undefined ? text : `${text}, in place of ${inPlaceOf}`, "start");
    });
  }

  #line(x1: number, y1: number, x2: number, y2: number, colour: string): void {
    this.#parts.push(`<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${colour}"/>`);
  }

  #label(x: number, y: number, text: string, anchor: string, colour = "#000"): void {
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}">${escape(text)}</text>`,
    );
  }
}

function isTall(height: number): boolean {
  return height >= 14;
}

/** The first text that fits a width, or the last. */
function fitting(texts: readonly string[], width: number): string {
  return texts.find((text) => text.length * CHARACTER < width - 4) ?? texts.at(-1)!;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
