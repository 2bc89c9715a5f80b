import { expect, it } from "vitest";
import { liveness } from "./liveness.js";

const now = 1_000_000;

it("is live while the stream is heard", () => {
  expect(liveness({ streamAt: now - 2000, fetchedAt: null, closed: false }, now)).toEqual({
    live: true, poll: false, words: "● Screen live, 2 s ago",
  });
});

it("asks when the stream is silent, and says so", () => {
  const heard = { streamAt: now - 5_001, fetchedAt: now - 3000, closed: false };
  expect(liveness(heard, now)).toEqual({ live: true, poll: true, words: "● Screen live by asking, 3 s ago" });
});

it("never looks live when nothing is heard", () => {
  const heard = { streamAt: now - 60_000, fetchedAt: now - 5_001, closed: false };
  expect(liveness(heard, now)).toEqual({ live: false, poll: true, words: "▲ Screen not live, last heard 5 s ago" });
  expect(liveness({ streamAt: now, fetchedAt: now, closed: true }, now).live).toBe(false);
});

it("says what is live: the screen, and whether a monitor is heard behind it", () => {
  const heard = { streamAt: now - 1000, fetchedAt: null, closed: false };
  expect(liveness(heard, now, "monitor silent").words).toBe("● Screen live, 1 s ago · monitor silent");
});

it("says after five seconds that nothing is heard, and not before", () => {
  const heard = { streamAt: now - 5_000, fetchedAt: null, closed: false };
  expect(liveness(heard, now).live).toBe(true);
  expect(liveness({ ...heard, streamAt: now - 5_001 }, now).live).toBe(false);
});
