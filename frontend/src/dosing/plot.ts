// Draws the lanes with uPlot, the infusion and the side effects beneath them, and the table beside them.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clinicTime } from "../times.js";
import { aligned, LANES, type Lane, minuteTicks, type Moments, type Series, shows, span, table, timeSpan } from "./lanes.js";

export interface Drawn extends Moments {
  series: Series;
  steps: readonly { kind: string; at: number }[];
  endedAt: number | null;
  events: readonly { at: number; text: string }[];
}

const AXIS = 46;
const LABEL = 64;
const TITLE = 18;
const BAR = 46;
const LEAST_HEIGHT = 250;
const SHARE: Record<string, number> = { pressure: 0.44, rate: 0.27, spo2: 0.29 };
const SVG = "http://www.w3.org/2000/svg";

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options(lane: Lane, drawn: Drawn, [width, height]: readonly [number, number]): uPlot.Options {
  const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const shown = timeSpan(drawn, drawn.series);
  const ticks = minuteTicks(shown, anchorOf(drawn), Math.floor((width - AXIS) / LABEL));
  const words = minuteWords(drawn);
  const hasRoom = (when: number): boolean => ((shown[1] - when) / (shown[1] - shown[0])) * (width - AXIS) > LABEL / 3;
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 8, 0, 0],
    scales: { x: { time: true, range: () => shown }, y: { range: () => span(lane, drawn.series) } },
    axes: [
      { ...axis, size: lane.key === "spo2" ? 26 : 4, splits: () => ticks, values: (_, times) => times.map((when) => (lane.key === "spo2" && hasRoom(when) ? words(when) : "")) },
      { ...axis, size: AXIS },
    ],
    series: [
      {},
      ...lane.lines.map((line) => ({
        label: line.label,
        stroke: colour(line.colour),
        width: 2,
        spanGaps: true,
        points: { show: shows(line, drawn.series), size: 7, fill: colour(line.colour) },
      })),
    ],
  };
}

/** Minutes are counted from the start of the dose, and before it from the opening. */
const anchorOf = (drawn: Drawn): number => drawn.startedAt ?? drawn.openedAt;

function minuteWords(drawn: Drawn): (when: number) => string {
  const anchor = anchorOf(drawn);
  return (when) => `${Math.round((when - anchor) / 60)} min`;
}

/** What each colour of a lane means, where more than one is drawn; a class, since a page sets no styles of its own. */
function keyOf(lane: Lane, series: Series): HTMLElement[] {
  const drawn = lane.lines.filter((line) => (series[line.code] ?? []).length > 0);
  if (new Set(drawn.map((line) => line.colour)).size < 2) return [];
  return drawn.map((line) => {
    const words = document.createElement("span");
    words.className = `key of${line.colour}`;
    words.textContent = `● ${line.label}`;
    return words;
  });
}

function drawLane(lane: Lane, drawn: Drawn, size: readonly [number, number]): HTMLElement {
  const holder = document.createElement("div");
  holder.className = "lane";
  const title = document.createElement("h3");
  title.textContent = lane.title;
  title.append(...keyOf(lane, drawn.series));
  holder.append(title);
  new uPlot(options(lane, drawn, size), aligned(lane, drawn.series) as uPlot.AlignedData, holder);
  holder.querySelector("canvas")?.setAttribute("aria-hidden", "true");
  return holder;
}

function part(name: string, values: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) element.setAttribute(key, String(value));
  return element;
}

function drawBar(drawn: Drawn, width: number): HTMLElement {
  const holder = document.createElement("div");
  holder.className = "lane bars";
  const svg = part("svg", { width, height: BAR, role: "presentation" });
  const [from, to] = timeSpan(drawn, drawn.series);
  const x = (when: number): number => AXIS + ((when - from) / (to - from)) * (width - AXIS - 8);
  if (drawn.startedAt !== null) {
    const end = drawn.endedAt ?? drawn.plannedEndAt ?? drawn.now;
    const until = drawn.endedAt ?? Math.min(drawn.now, end);
    svg.append(part("rect", { class: "infusion-track", x: x(drawn.startedAt), y: 26, rx: 7, height: 14, width: Math.max(x(end) - x(drawn.startedAt), 2) }));
    svg.append(part("rect", { class: "infusion-bar", x: x(drawn.startedAt), y: 26, rx: 7, height: 14, width: Math.max(x(until) - x(drawn.startedAt), 2) }));
  }
  for (const event of drawn.events) {
    svg.append(part("circle", { class: "event", cx: x(event.at), cy: 12, r: 4 }));
    const words = part("text", { x: x(event.at) + 8, y: 16 });
    words.textContent = event.text;
    svg.append(words);
  }
  holder.append(svg);
  return holder;
}

/** Draw everything anew; a session has few enough points for that. */
export function draw(place: HTMLElement, drawn: Drawn): void {
  place.replaceChildren(); // what was drawn for a wider screen must not hold the place open
  const width = Math.max(place.clientWidth, 240);
  const room = Math.max(place.clientHeight, LEAST_HEIGHT) - BAR - TITLE * LANES.length;
  const lanes = LANES.map((lane) => drawLane(lane, drawn, [width, Math.floor(room * (SHARE[lane.key] ?? 0.3))]));
  place.replaceChildren(...lanes, drawBar(drawn, width));
}

/** The same values as rows. */
export function fillTable(body: HTMLTableSectionElement, series: Series, zone: string): void {
  const rows = table(series, [["8480-6", "8462-4"], ["8867-4"], ["59408-5"], ["moaas"]]);
  body.replaceChildren(
    ...rows.map((row) => {
      const line = document.createElement("tr");
      const time = clinicTime(row.at, zone);
      for (const text of [time, ...row.cells]) {
        const cell = document.createElement("td");
        cell.textContent = text;
        line.append(cell);
      }
      return line;
    }),
  );
}
