import { expect, it } from "vitest";
import { type Draft, doneTokens, draftId, KEPT_MS, mayKeep, same, spent } from "./drafts.js";

const draft = (id: string, once: string, at = "2026-11-24T10:00:00Z"): Draft => ({ id, by: "noor", fields: [["note", "x"]], once, at });

it("keeps no password, code, signature or token", () => {
  for (const name of ["password", "oldpassword", "code", "typed_name", "once", "csrfmiddlewaretoken", "client_id", ""]) {
    expect(mayKeep(name, "text")).toBe(false);
  }
  expect(mayKeep("note", "hidden")).toBe(false);
  expect(mayKeep("weight", "text", "decimal")).toBe(false);
  expect(mayKeep("measured", "time")).toBe(false);
  expect(mayKeep("note", "textarea")).toBe(true);
});

it("knows a form by its person, address and place", () => {
  expect(new Set([draftId("a", "/q", 0), draftId("b", "/q", 0), draftId("a", "/q", 1)]).size).toBe(3);
});

it("lets a draft go when the clinic has taken its form, and never because it was sent", () => {
  const now = Date.parse("2026-11-24T11:00:00Z");
  expect(spent([draft("a", "t1"), draft("b", "t2"), draft("c", "")], ["t2"], now)).toEqual(["b"]);
  expect(spent([draft("a", "t1")], [], Date.parse("2026-11-24T10:00:00Z") + KEPT_MS + 1)).toEqual(["a"]);
});

it("reads what the clinic has taken from its cookie", () => {
  expect(doneTokens("theme=quiet; openkap_done=one%2Ctwo")).toEqual(["one", "two"]);
  expect(doneTokens('openkap_done="one%2Ctwo"; x=1')).toEqual(["one", "two"]);
  expect(doneTokens("theme=quiet")).toEqual([]);
});

it("compares what is typed whatever its order", () => {
  expect(same([["a", "1"], ["b", "2"]], [["b", "2"], ["a", "1"]])).toBe(true);
  expect(same([["a", "1"]], [["a", "2"]])).toBe(false);
});
