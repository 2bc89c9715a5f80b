// What was tapped and typed in a part of the room, and what was said of it, outlive the part being drawn anew.
import { sentenceAt, sentenceOf } from "../fields.js";

/** One field's answer: the form it stands in, its name, what was tapped or typed, and what was said of it. */
interface Typed {
  readonly key: string;
  readonly changed: boolean;
  readonly value: string;
  readonly ticked: boolean;
  readonly said: string | undefined;
}

/** What outlives a part of the room being drawn anew. */
export interface Kept {
  readonly fields: readonly Typed[];
  /** The button or link that a keyboard stands on. */
  readonly focused: string | undefined;
  /** What was unfolded. */
  readonly opened: ReadonlySet<string>;
}

const FIELDS = 'input:not([type="hidden"]), textarea';

function isTick(field: HTMLInputElement | HTMLTextAreaElement): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

function keyOf(field: HTMLInputElement | HTMLTextAreaElement): string {
  const value = isTick(field) ? field.value : "";
  return [field.form?.getAttribute("action") ?? "", field.name, value].join("\n");
}

/** What a person did in a part, and what was said to them, that its page did not bring. */
export function kept(place: Element): Kept {
  const active = document.activeElement;
  return {
    fields: typedIn(place),
    focused: active && active !== place && place.contains(active) ? controlKey(active) : undefined,
    opened: new Set([...place.querySelectorAll("details[open]")].map(detailsKey)),
  };
}

/** Put it back where its place is still there. */
export function putBack(place: Element, { fields, focused, opened }: Kept): void {
  typedAgain(place, fields);
  for (const part of place.querySelectorAll("details")) if (opened.has(detailsKey(part))) part.open = true;
  if (focused === undefined) return;
  for (const control of place.querySelectorAll<HTMLElement>(CONTROLS)) {
    if (controlKey(control) === focused) return control.focus({ preventScroll: true });
  }
}

const CONTROLS = "a[href], button, summary";

function controlKey(control: Element): string {
  const form = control.closest("form")?.getAttribute("action") ?? "";
  return [control.tagName, form, control.getAttribute("href") ?? "", control.textContent.trim()].join("\n");
}

function detailsKey(part: Element): string {
  const mark = part.closest<HTMLElement>("[data-mark]")?.dataset.mark ?? "";
  return [mark, part.querySelector("summary")?.textContent.trim() ?? ""].join("\n");
}

function typedIn(place: Element): Typed[] {
  return [...place.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(FIELDS)]
    .map((field) => ({
      key: keyOf(field),
      changed: isTick(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
      value: field.value,
      ticked: isTick(field) && field.checked,
      said: sentenceOf(field),
    }))
    .filter((one) => one.changed || one.said !== undefined);
}

function typedAgain(place: Element, typed: readonly Typed[]): void {
  if (typed.length === 0) return;
  const by = new Map(typed.map((one) => [one.key, one]));
  for (const field of place.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(FIELDS)) {
    const one = by.get(keyOf(field));
    if (!one) continue;
    if (one.said !== undefined) sentenceAt(field, one.said);
    if (!one.changed) continue;
    if (isTick(field)) field.checked = one.ticked;
    else field.value = one.value;
  }
}
