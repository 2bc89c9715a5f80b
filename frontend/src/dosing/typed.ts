// What was tapped and typed in a part of the room outlives the part being drawn anew.

/** One field's answer: the form it stands in, its name, and what was tapped or typed. */
interface Typed {
  readonly key: string;
  readonly value: string;
  readonly ticked: boolean;
}

const FIELDS = 'input:not([type="hidden"]), textarea';

function isTick(field: HTMLInputElement | HTMLTextAreaElement): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

function keyOf(field: HTMLInputElement | HTMLTextAreaElement): string {
  const value = isTick(field) ? field.value : "";
  return [field.form?.getAttribute("action") ?? "", field.name, value].join("\n");
}

/** What stands in the fields of a part that its page did not bring. */
export function typedIn(place: Element): Typed[] {
  return [...place.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(FIELDS)]
    .filter((field) => (isTick(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue))
    .map((field) => ({ key: keyOf(field), value: field.value, ticked: isTick(field) && field.checked }));
}

/** Put it back into the same fields, where they are still there. */
export function typedAgain(place: Element, typed: readonly Typed[]): void {
  if (typed.length === 0) return;
  const by = new Map(typed.map((one) => [one.key, one]));
  for (const field of place.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(FIELDS)) {
    const one = by.get(keyOf(field));
    if (!one) continue;
    if (isTick(field)) field.checked = one.ticked;
    else field.value = one.value;
  }
}
