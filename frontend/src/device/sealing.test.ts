import { afterEach, expect, it, vi } from "vitest";
import { sealerAt, sealerFrom } from "./sealing.js";

const key = (fill: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(fill);

it("opens for the same person at the same place, and for nobody else", async () => {
  const sam = await sealerFrom(key(1));
  const sealed = await sam.seal({ words: "warm" }, "entry|1");
  expect(await sam.open(sealed, "entry|1")).toEqual({ words: "warm" });
  expect(await sam.open(sealed, "entry|2")).toBeUndefined();
  expect(await (await sealerFrom(key(2))).open(sealed, "entry|1")).toBeUndefined();
  expect(new TextDecoder().decode(sealed.data)).not.toContain("warm");
});

it("says nothing of what was changed", async () => {
  const sam = await sealerFrom(key(1));
  const sealed = await sam.seal("words", "entry|1");
  new Uint8Array(sealed.data)[0]! ^= 1;
  expect(await sam.open(sealed, "entry|1")).toBeUndefined();
});

afterEach(() => vi.unstubAllGlobals());

it("is asked for once by all of a page, and again by the next after it did not come", async () => {
  const said = vi.fn<() => Promise<Response>>();
  vi.stubGlobal("fetch", said);
  said.mockResolvedValueOnce(new Response("", { status: 503 }));
  const [one, other] = await Promise.all([sealerAt("/device-key/"), sealerAt("/device-key/")]);
  expect([one, other, said.mock.calls.length]).toEqual([undefined, undefined, 1]);
  said.mockImplementation(() => Promise.resolve(Response.json({ key: btoa("k".repeat(32)) })));
  expect(await sealerAt("/device-key/")).toBeDefined();
  expect(await sealerAt("/device-key/")).toBeDefined();
  expect(said.mock.calls.length).toBe(2);
});
