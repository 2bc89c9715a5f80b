import { expect, it } from "vitest";
import { other, words } from "./theme.js";

it("switches between two themes and says where it leads", () => {
  expect(other(undefined)).toBe("quiet");
  expect(other("light")).toBe("quiet");
  expect(other("quiet")).toBe("light");
  expect(words("light")).toBe("Quiet-room theme");
  expect(words("quiet")).toBe("Light theme");
});
