// What the plot shows: one lane for each unit, the same time axis for all. Pure.

import { gettext } from "../words.js";

export type Point = readonly [number, number];
export type Series = Readonly<Record<string, readonly Point[]>>;

/** What of a series changed: the points of these minutes, in seconds, take the place of those known of them. */
export interface Changes {
  series: Series;
  series_minutes: Readonly<Record<string, readonly number[]>> | null;
}

/** The series with what changed in it; all of it is new where no minutes are named. */
export function merged(known: Series, changes: Changes): Series {
  const { series, series_minutes: minutes } = changes;
  if (minutes === null) return series;
  const whole: Record<string, readonly Point[]> = { ...known };
  for (const [code, changed] of Object.entries(minutes)) {
    const gone = new Set(changed);
    const kept = (known[code] ?? []).filter(([when]) => !gone.has(Math.floor(when / 60) * 60));
    whole[code] = [...kept, ...(series[code] ?? [])].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  }
  return whole;
}

export interface Line {
  code: string;
  label: string;
  colour: string;
  dots: boolean;
}

export interface Lane {
  key: string;
  title: string;
  lines: readonly Line[];
  least: readonly [number, number];
}

/** The lanes, top to bottom. `least` is the range always shown, so that a calm line looks calm. */
export const LANES: readonly Lane[] = [
  {
    key: "pressure",
    title: gettext("Blood pressure, mmHg"),
    least: [60, 160],
    lines: [
      { code: "8480-6", label: gettext("upper"), colour: "--pressure", dots: true },
      { code: "8462-4", label: gettext("lower"), colour: "--pressure", dots: true },
    ],
  },
  {
    key: "rate",
    title: gettext("Heart rate, /min"),
    least: [50, 120],
    lines: [
      { code: "8867-4", label: gettext("heart"), colour: "--heart-rate", dots: false },
      { code: "8889-8", label: gettext("oximeter"), colour: "--edge", dots: false },
    ],
  },
  {
    key: "spo2",
    title: "SpO₂, %",
    least: [88, 100],
    lines: [{ code: "59408-5", label: "SpO₂", colour: "--spo2", dots: false }],
  },
];

export type Aligned = [number[], ...(number | null)[][]];

/** The lines of a lane over their common times; null where a line has no value. */
export function aligned(lane: Lane, series: Series): Aligned {
  const lines = lane.lines.map((line) => series[line.code] ?? []);
  const times = [...new Set(lines.flatMap((points) => points.map(([when]) => when)))].sort((a, b) => a - b);
  const place = new Map(times.map((when, index) => [when, index]));
  const columns = lines.map((points) => {
    const column: (number | null)[] = times.map(() => null);
    for (const [when, value] of points) column[place.get(when) ?? 0] = value;
    return column;
  });
  return [times, ...columns];
}

/** The range of a lane: what is always shown, widened by what was measured. */
export function span(lane: Lane, series: Series): [number, number] {
  const values = lane.lines.flatMap((line) => (series[line.code] ?? []).map(([, value]) => value));
  const padding = values.length ? 2 : 0;
  return [
    Math.min(lane.least[0], ...values.map((value) => value - padding)),
    Math.max(lane.least[1], ...values.map((value) => value + padding)),
  ];
}

/** So few values stand as points too: a line needs two, and the only value of a session must be seen. */
const FEW = 40;

/** Whether a line's values stand as points: always for the cuff, and for any line of few values. */
export function shows(line: Line, series: Series): boolean {
  return line.dots || (series[line.code] ?? []).length <= FEW;
}

export interface Moments {
  now: number;
  openedAt: number;
  startedAt: number | null;
  plannedEndAt: number | null;
}

/** From ten minutes before the start (or the opening) to an hour after it, and always up to now. In seconds. */
export function timeSpan(moments: Moments, series: Series): [number, number] {
  const anchor = moments.startedAt ?? moments.openedAt;
  const times = Object.values(series).flatMap((points) => points.map(([when]) => when));
  const first = Math.min(anchor - 600, ...times);
  return [first, Math.max(anchor + 3600, moments.now, (moments.plannedEndAt ?? 0) + 300)];
}

const STEPS_MIN = [5, 10, 15, 20, 30, 60, 120, 240];

/** Where minutes are written: at round ones, counted from the anchor (seconds), and no more than have room. */
export function minuteTicks([from, until]: readonly [number, number], anchor: number, most: number): number[] {
  const fits = (step: number): boolean => (until - from) / (step * 60) < Math.max(most, 1);
  const seconds = (STEPS_MIN.find(fits) ?? STEPS_MIN.at(-1)!) * 60;
  const first = Math.ceil((from - anchor) / seconds);
  const last = Math.floor((until - anchor) / seconds);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, place) => anchor + (first + place) * seconds);
}

export interface Row {
  at: number;
  cells: string[];
}

/** The same values as a table, newest first: each cuff as one reading, of what is counted lowest and highest. */
export function table(series: Series, codes: readonly (readonly string[])[]): Row[] {
  const rows = new Map<number, string[]>();
  codes.forEach((group, column) => {
    for (const [minute, points] of byMinute(group, series)) {
      const cells = rows.get(minute) ?? codes.map(() => "");
      cells[column] = group.length > 1 ? readings(group, points) : spread(points.map((point) => point.value));
      rows.set(minute, cells);
    }
  });
  return [...rows].map(([at, cells]) => ({ at, cells })).sort((a, b) => b.at - a.at);
}

interface Coded {
  code: string;
  when: number;
  value: number;
}

function byMinute(group: readonly string[], series: Series): Map<number, Coded[]> {
  const minutes = new Map<number, Coded[]>();
  for (const code of group) {
    for (const [when, value] of series[code] ?? []) {
      const minute = Math.floor(when / 60) * 60;
      minutes.set(minute, [...(minutes.get(minute) ?? []), { code, when, value }]);
    }
  }
  return minutes;
}

/** Every reading of a minute, its parts joined: "146 / 91, 205 / 112". */
function readings(group: readonly string[], points: readonly Coded[]): string {
  const moments = [...new Set(points.map((point) => point.when))].sort((a, b) => a - b);
  return moments
    .map((when) => group.flatMap((code) => points.filter((point) => point.when === when && point.code === code).map((point) => point.value)).join(" / "))
    .join(", ");
}

/** The lowest and the highest; one number where they are the same. */
function spread(values: readonly number[]): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? String(low) : gettext("%(low)s to %(high)s", { low, high });
}
