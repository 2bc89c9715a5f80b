// Sentences in the reader's language. In English, the language they are written in, nothing is looked up.

type Told = Readonly<Record<string, string | number>>;
interface Catalogue {
  gettext(text: string): string;
  ngettext(one: string, many: string, count: number): string;
}

const catalogue = (): Catalogue | undefined => (globalThis as { django?: Catalogue }).django;

/** A sentence, with what it speaks of in its places, as in `%(age)s ago`. */
export function gettext(text: string, told: Told = {}): string {
  return filled(catalogue()?.gettext(text) ?? text, told);
}

/** A sentence about a number of things, in the right form for the number. */
export function ngettext(one: string, many: string, count: number, told: Told = {}): string {
  const text = catalogue()?.ngettext(one, many, count) ?? (count === 1 ? one : many);
  return filled(text, { count, ...told });
}

function filled(text: string, told: Told): string {
  return text.replace(/%\((\w+)\)s/g, (place, name: string) => String(told[name] ?? place));
}
