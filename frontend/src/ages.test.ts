import { describe, expect, it } from "vitest";
import { ageWords, serverNow, setServerTime } from "./ages.js";

describe("the age of a value", () => {
  it.each([
    [0, "0 s ago"],
    [89, "89 s ago"],
    [90, "1 min ago"],
    [5399, "89 min ago"],
    [5400, "1 h ago"],
    [129600, "1 day ago"],
    [-30, "0 s ago"],
    [-600, "in 10 min"],
  ])("%d seconds is %s", (seconds, words) => {
    expect(ageWords(seconds)).toBe(words);
  });

  it("counts by the server's clock, however wrong the device's is", () => {
    setServerTime(new Date("2026-11-24T10:00:00Z"), new Date(Date.now() - 3_600_000));
    const off = serverNow().getTime() - (Date.parse("2026-11-24T10:00:00Z") + 3_600_000);
    expect(Math.abs(off)).toBeLessThan(1000);
  });
});
