import { expect, it } from "vitest";
import { clinicTime } from "./times.js";

it("tells the clinic's time in 24 hours, wherever the screen stands", () => {
  const at = Date.parse("2026-11-25T14:42:00Z") / 1000;
  expect(clinicTime(at, "America/New_York")).toBe("09:42");
  expect(clinicTime(at, "Europe/Berlin")).toBe("15:42");
  expect(clinicTime(Date.parse("2026-11-25T05:05:00Z") / 1000, "America/New_York")).toBe("00:05");
});
