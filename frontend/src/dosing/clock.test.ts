import { expect, it } from "vitest";
import { givenNow, sinceStart, untilDue } from "./clock.js";

const start = Date.parse("2026-11-24T10:00:00Z");

it("counts from the start of the dose", () => {
  expect(sinceStart(start, start + (23 * 60 + 40) * 1000)).toBe("T+23:40");
  expect(sinceStart(start, start + 3_661_000)).toBe("T+1:01:01");
  expect(sinceStart(start, start - 5000)).toBe("T+0:00");
});

it("says how long until a check is due, and then how late it is", () => {
  expect(untilDue(start + 80_000, start)).toEqual({ words: "1:20", late: false });
  expect(untilDue(start, start + 30_000)).toEqual({ words: "late 0:30", late: true });
});

it("never shows more given than ordered, and nothing more while it does not run", () => {
  const dose = { given: 21, ordered: 36, rate: 54, running: true, at: start };
  expect(givenNow(dose, start + 60_000)).toBeCloseTo(21.9);
  expect(givenNow(dose, start + 3_600_000)).toBe(36);
  expect(givenNow({ ...dose, running: false }, start + 60_000)).toBe(21);
});
