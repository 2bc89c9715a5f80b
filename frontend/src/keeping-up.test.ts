import { expect, it } from "vitest";
import { outcomeOf, standingStill } from "./keeping-up.js";

const answer = (status: number, redirected = false) => ({ ok: status < 300, redirected, status });

it("shows what came", () => {
  expect(outcomeOf(answer(200))).toBe("shown");
});

it("takes a sign-in page, and what is not for this person, as the end", () => {
  expect(outcomeOf(answer(200, true))).toBe("gone");
  for (const status of [401, 403, 404]) expect(outcomeOf(answer(status))).toBe("gone");
});

it("tries again after a failure", () => {
  for (const status of [429, 500, 503]) expect(outcomeOf(answer(status))).toBe("failed");
});

it("says since when it stands still", () => {
  expect(standingStill("shown", "07:03")).toBe("");
  expect(standingStill("failed", "07:03")).toBe("Not live since 07:03. It is tried again by itself.");
  expect(standingStill("gone", "07:03")).toBe("Screen not live: it was signed out.");
});
