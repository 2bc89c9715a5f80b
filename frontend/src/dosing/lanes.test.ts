import { expect, it } from "vitest";
import { aligned, LANES, merged, minuteTicks, shows, span, table, timeSpan, type Series } from "./lanes.js";

const series: Series = {
  "8480-6": [[600, 146], [1200, 150]],
  "8462-4": [[600, 91]],
  "8867-4": [[620, 84]],
  "59408-5": [[620, 97]],
};

it("keeps each unit in a lane of its own", () => {
  const codes = LANES.map((lane) => lane.lines.map((line) => line.code));
  expect(codes).toEqual([["8480-6", "8462-4"], ["8867-4", "8889-8"], ["59408-5"]]);
});

it("lays the lines of a lane over common times, with gaps where nothing was measured", () => {
  const pressure = LANES[0]!;
  expect(aligned(pressure, series)).toEqual([[600, 1200], [146, 150], [91, null]]);
  expect(aligned(LANES[2]!, {})).toEqual([[], []]);
});

it("shows at least the usual range, and every value there is", () => {
  expect(span(LANES[2]!, series)).toEqual([88, 100]);
  expect(span(LANES[2]!, { "59408-5": [[1, 71]] })).toEqual([69, 100]);
});

it("shows the only heart rate as a point, and a long line without points", () => {
  const [heart] = LANES[1]!.lines;
  expect(shows(heart!, { "8867-4": [[620, 18]] })).toBe(true);
  const long = Array.from({ length: 200 }, (_, minute): [number, number] => [minute * 60, 80]);
  expect(shows(heart!, { "8867-4": long })).toBe(false);
  expect(shows(LANES[0]!.lines[0]!, { "8480-6": long })).toBe(true);
});

it("shows ten minutes before the start, and always now", () => {
  const moments = { now: 9000, openedAt: 0, startedAt: 1200, plannedEndAt: 3600 };
  expect(timeSpan(moments, series)).toEqual([600, 9000]);
  expect(timeSpan({ ...moments, now: 1300 }, {})).toEqual([600, 4800]);
});

it("tells the same in a table, newest first", () => {
  const rows = table(series, [["8480-6", "8462-4"], ["8867-4"]]);
  expect(rows).toEqual([
    { at: 1200, cells: ["150", ""] },
    { at: 600, cells: ["146 / 91", "84"] },
  ]);
});

it("keeps the worst of a minute in its table: every cuff, and the lowest and the highest", () => {
  const minute: Series = {
    "8480-6": [[600, 124], [630, 205]],
    "8462-4": [[600, 80], [630, 112]],
    "8867-4": [[601, 80], [640, 131]],
    "59408-5": [[601, 88], [640, 97]],
  };
  const rows = table(minute, [["8480-6", "8462-4"], ["8867-4"], ["59408-5"]]);
  expect(rows).toEqual([{ at: 600, cells: ["124 / 80, 205 / 112", "80 to 131", "88 to 97"] }]);
});

it("puts the points of a changed minute in the place of those it knew, and leaves the rest", () => {
  const known = { a: [[0, 1], [30, 2], [60, 3], [119, 4], [120, 5]], b: [[60, 9]] } as const;
  const whole = merged(known, { series: { a: [[61, 7], [90, 8]] }, series_minutes: { a: [60] } });
  expect(whole).toEqual({ a: [[0, 1], [30, 2], [61, 7], [90, 8], [120, 5]], b: [[60, 9]] });
});

it("takes a whole series as it is, and lets a minute go that has no true value any more", () => {
  const known = { a: [[0, 1], [60, 3]] } as const;
  expect(merged(known, { series: { b: [[0, 2]] }, series_minutes: null })).toEqual({ b: [[0, 2]] });
  expect(merged(known, { series: {}, series_minutes: { a: [60], b: [0] } })).toEqual({ a: [[0, 1]], b: [] });
  expect(merged(known, { series: {}, series_minutes: {} })).toEqual(known);
});

it("writes round minutes from the start, and no more than have room", () => {
  const minutes = (from: number, until: number, most: number) =>
    minuteTicks([from * 60 + 1000, until * 60 + 1000], 1000, most).map((at) => (at - 1000) / 60);
  expect(minutes(-9.4, 61, 16)).toEqual([-5, 0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
  expect(minutes(-9.4, 61, 8)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  expect(minutes(0, 20, 5)).toEqual([0, 5, 10, 15, 20]);
  expect(minutes(-3, 500, 4)).toEqual([0, 240, 480]);
  expect(minutes(1, 4, 3)).toEqual([]);
  for (const most of [0, 1, 3, 7]) expect(minutes(-20, 5000, most).every((at) => at % 240 === 0)).toBe(true);
});
