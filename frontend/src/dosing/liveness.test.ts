import { expect, it } from "vitest";
import { liveness } from "./liveness.js";

const now = 1_000_000;

it("is live while the stream is heard", () => {
  expect(liveness({ streamAt: now - 2000, fetchedAt: null, closed: false }, now)).toEqual({
    live: true, poll: false, words: "● Live, 2 s ago",
  });
});

it("asks when the stream is silent, and says so", () => {
  const heard = { streamAt: now - 11_000, fetchedAt: now - 3000, closed: false };
  expect(liveness(heard, now)).toEqual({ live: true, poll: true, words: "● Live by asking, 3 s ago" });
});

it("never looks live when nothing is heard", () => {
  const heard = { streamAt: now - 60_000, fetchedAt: now - 11_000, closed: false };
  expect(liveness(heard, now)).toEqual({ live: false, poll: true, words: "▲ Not live, last heard 11 s ago" });
  expect(liveness({ streamAt: now, fetchedAt: now, closed: true }, now).live).toBe(false);
});
