/** A line of a plot, as points (x, y) in the plot's units. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly series: readonly Series[];
}

const WIDTH = 480;
const HEIGHT = 360;
const LEFT = 60;
const RIGHT = 16;
const TOP = 36;
const BOTTOM = 48;
const TICKS = 5;
const MAX_POINTS = 400;

/** Draws lines as an SVG image that needs nothing else, readable on light and dark pages. */
export function svgPlot(plot: Plot): string {
  const [x0, x1] = plot.xRange;
  const [y0, y1] = plot.yRange;
  const x = (value: number): string => (LEFT + ((value - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (value: number): string =>
    (HEIGHT - BOTTOM - ((value - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const lines: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="bold">${escape(plot.title)}</text>`,
  ];
  for (let tick = 0; tick <= TICKS; tick++) {
    const xValue = x0 + ((x1 - x0) * tick) / TICKS;
    const yValue = y0 + ((y1 - y0) * tick) / TICKS;
    lines.push(
      `<path d="M${x(xValue)} ${TOP}V${HEIGHT - BOTTOM}M${LEFT} ${y(yValue)}H${WIDTH - RIGHT}" stroke="#ddd"/>`,
      `<text x="${x(xValue)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${shortNumber(xValue)}</text>`,
      `<text x="${LEFT - 6}" y="${y(yValue)}" dy="4" text-anchor="end">${shortNumber(yValue)}</text>`,
    );
  }
  lines.push(
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escape(plot.xLabel)}</text>`,
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escape(plot.yLabel)}</text>`,
  );
  plot.series.forEach(({ name, colour, points }, index) => {
    const path = thin(points).map(([px, py]) => `${x(px)},${y(py)}`);
    lines.push(`<polyline points="${path.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    lines.push(
      `<text x="${WIDTH - RIGHT - 8}" y="${TOP + 18 + 16 * index}" text-anchor="end" fill="${colour}">${escape(name)}</text>`,
    );
  });
  lines.push("</svg>", "");
  return lines.join("\n");
}

function thin(points: Series["points"]): Series["points"] {
  if (points.length <= MAX_POINTS) return points;
  const step = (points.length - 1) / (MAX_POINTS - 1);
  return Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * step)]!);
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
