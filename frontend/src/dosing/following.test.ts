import { expect, it } from "vitest";
import { bringsValues, isOlder, mayFollow } from "./following.js";

const seen = (second: string) => `2.0.1@2026-11-24T09:00:${second}+00:00`;
const last = { at: "2026-11-24T09:00:10+00:00", seen: seen("09.5") };
const pushed = (more: object = {}) => ({
  at: "2026-11-24T09:00:12+00:00", seen: seen("11.9"), base: seen("09.5"), series_minutes: {}, ...more,
});

it("goes on from what the screen has seen, and from less", () => {
  expect(mayFollow(last, pushed())).toBe(true);
  expect(mayFollow(last, pushed({ base: seen("09") }))).toBe(true);
  expect(mayFollow(last, pushed({ base: seen("08.123456") }))).toBe(true);
});

it("does not go on where something between was missed", () => {
  expect(mayFollow(last, pushed({ base: seen("09.6") }))).toBe(false);
  expect(mayFollow(last, pushed({ base: seen("10") }))).toBe(false);
  expect(mayFollow(last, pushed({ base: undefined }))).toBe(false);
  expect(mayFollow(undefined, pushed())).toBe(false);
});

it("does not go on from another edition of the series, unless it holds all of it", () => {
  const other = "3.0.1@2026-11-24T09:00:08+00:00";
  expect(mayFollow(last, pushed({ base: other }))).toBe(false);
  expect(mayFollow(last, pushed({ base: other, series_minutes: null }))).toBe(true);
  expect(mayFollow(undefined, pushed({ base: "", series_minutes: null }))).toBe(true);
});

it("shows nothing that is older than what stands there", () => {
  const older = pushed({ at: "2026-11-24T09:00:09+00:00", series_minutes: null });
  expect(isOlder(last, older)).toBe(true);
  expect(isOlder(undefined, older)).toBe(false);
  expect(isOlder(last, pushed({ at: last.at }))).toBe(false);
});

it("keeps the later values beside an answer that took longer, unless the series is another", () => {
  const slow = pushed({ at: "2026-11-24T09:00:09+00:00" });
  expect(bringsValues(last, slow)).toBe(false);
  expect(bringsValues(last, pushed())).toBe(true);
  expect(bringsValues(undefined, slow)).toBe(true);
  const corrected = pushed({ at: slow.at, seen: "3.0.1@2026-11-24T09:00:09+00:00", series_minutes: null });
  expect(bringsValues(last, corrected)).toBe(true);
});
