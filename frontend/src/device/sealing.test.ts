import { expect, it } from "vitest";
import { sealerFrom } from "./sealing.js";

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
