import { afterEach, describe, expect, it } from "vitest";

import { gettext, ngettext } from "./words.js";

const page = globalThis as { django?: unknown };

afterEach(() => delete page.django);

describe("sentences", () => {
  it("are what they are written as where nothing is translated", () => {
    expect(gettext("%(age)s ago", { age: "4 min" })).toBe("4 min ago");
    expect(ngettext("%(count)s entry", "%(count)s entries", 1)).toBe("1 entry");
    expect(ngettext("%(count)s entry", "%(count)s entries", 2)).toBe("2 entries");
  });

  it("come out of the page's catalogue, with their places filled", () => {
    page.django = {
      gettext: (text: string) => (text === "%(age)s ago" ? "hace %(age)s" : text),
      ngettext: (_one: string, _many: string, count: number) => (count === 1 ? "%(count)s entrada" : "%(count)s entradas"),
    };
    expect(gettext("%(age)s ago", { age: "4 min" })).toBe("hace 4 min");
    expect(ngettext("%(count)s entry", "%(count)s entries", 3)).toBe("3 entradas");
  });

  it("keep a place nobody fills, so that the fault is seen", () => {
    expect(gettext("late %(time)s")).toBe("late %(time)s");
  });
});
