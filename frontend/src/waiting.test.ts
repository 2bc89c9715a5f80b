import { expect, it } from "vitest";
import { numberIn } from "./waiting.js";

it("a number is read, and a page of words is none", () => {
  expect(numberIn("3\n")).toBe(3);
  expect(numberIn("0")).toBe(0);
  expect(numberIn("<!doctype html>")).toBeNull();
  expect(numberIn("")).toBeNull();
});
