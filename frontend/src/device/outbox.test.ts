import { expect, it } from "vitest";
import { type Answer, type Entry, entryFrom, keptWords, meaning, post, sendAll, type Store, toSend } from "./outbox.js";

const entry = (id: string, tappedAt: string): Entry => ({
  id, tappedAt, session: "s", by: "sam", url: "/vitals/", kind: "vitals", fields: [],
});

class Memory implements Store {
  kept = new Map<string, Entry>();
  async put(one: Entry): Promise<void> { this.kept.set(one.id, one); }
  async all(): Promise<Entry[]> { return [...this.kept.values()]; }
  async remove(id: string): Promise<void> { this.kept.delete(id); }
}

const at = (minute: number): string => `2026-11-24T10:${String(minute).padStart(2, "0")}:00.000Z`;

it("names and times an entry itself, and leaves the page's own tokens behind", () => {
  const fields: [string, string][] = [["csrfmiddlewaretoken", "x"], ["once", "y"], ["client_id", "old"], ["sbp", "120"]];
  const made = entryFrom({ url: "/vitals/", kind: "vitals", session: "s", by: "sam", fields }, "new", new Date(at(0)));
  expect(made.fields).toEqual([["sbp", "120"], ["client_id", "new"], ["measured_at", at(0)]]);
});

it("sends in the order of the taps, whatever order they are found in", () => {
  expect(toSend([entry("b", at(2)), entry("a", at(1)), entry("c", at(3))], "sam").map((one) => one.id)).toEqual(["a", "b", "c"]);
});

it("takes only the server's own word for kept", () => {
  expect(meaning(200, { kept: true }).kind).toBe("kept");
  for (const [status, body] of [[200, "<html>sign in"], [200, {}], [401, null], [503, { objections: [] }], [0, null]] as const) {
    expect(meaning(status, body).kind).toBe("later");
  }
  expect(meaning(422, { objections: [{ text: "Too late." }] })).toEqual({ kind: "refused", why: "Too late.", fields: {} });
  const notTheirs = { objections: [{ code: "fault", text: "It is not yours to open.", field: "" }] };
  expect(meaning(404, notTheirs)).toEqual({ kind: "refused", why: "It is not yours to open.", fields: {} });
  expect(meaning(404, "<html>a page of somebody else").kind).toBe("later");
  const two = { objections: [{ text: "Over 100.", field: "59408-5" }, { text: "Over 100.", field: "8889-8" }] };
  expect(meaning(422, two)).toEqual({ kind: "refused", why: "Over 100.", fields: { "59408-5": "Over 100.", "8889-8": "Over 100." } });
});

it("removes an entry only when it is kept, and stops where the line is down", async () => {
  const store = new Memory();
  for (const one of [entry("a", at(1)), entry("b", at(2)), entry("c", at(3))]) await store.put(one);
  const answers: Record<string, Answer> = { a: { kind: "kept" }, b: { kind: "later" }, c: { kind: "kept" } };
  await sendAll(store, "sam", async (one) => answers[one.id]!);
  expect([...store.kept.keys()]).toEqual(["b", "c"]);
  expect(keptWords(2)).toBe("◆ 2 entries are kept on this device, not sent yet.");
});

it("keeps what was refused for a person to see, and goes on with the rest", async () => {
  const store = new Memory();
  for (const one of [entry("a", at(1)), entry("b", at(2))]) await store.put(one);
  await sendAll(store, "sam", async (one) => (one.id === "a" ? { kind: "refused", why: "No.", fields: {} } : { kind: "kept" }));
  expect((await store.all()).map((one) => [one.id, one.refused])).toEqual([["a", "No."]]);
  expect(keptWords(0)).toBe("");
});

it("sends nobody else's entries under another name, and goes on saying that they wait", async () => {
  const store = new Memory();
  await store.put(entry("a", at(1)));
  await sendAll(store, "noor", async () => ({ kind: "kept" }));
  expect([...store.kept.keys()]).toEqual(["a"]);
  expect(keptWords(0, 1)).toBe("◆ 1 entry is kept here for somebody else, and sent when they sign in.");
});

it("takes no answer in time for no answer", async () => {
  const real = globalThis.fetch;
  globalThis.fetch = (_: unknown, init?: RequestInit) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("too late"))));
  try {
    expect(await post(entry("a", at(1)), "token", 20)).toEqual({ kind: "later" });
  } finally {
    globalThis.fetch = real;
  }
});
