// A sentence at the field it is about, in our own words: also where the browser would say it in its own.
import { gettext } from "./words.js";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Take the sentences of a form away that were put there before. */
export function clearSentences(form: HTMLFormElement): void {
  for (const old of form.querySelectorAll(".at-field")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

/** Put a sentence at a field, or under the whole of the group it belongs to; the same sentence stands there once. */
export function sentenceAt(field: Element, text: string): void {
  field.setAttribute("aria-invalid", "true");
  const group = groupOf(field);
  const place = group ?? field.parentElement;
  if ([...(place?.querySelectorAll(":scope > .at-field") ?? [])].some((line) => line.textContent === text)) return;
  const line = document.createElement("p");
  line.className = "errors at-field";
  line.textContent = text;
  if (group) group.append(line);
  else field.after(line);
}

/** The sentence that was put at a field; nothing where none was. */
export function sentenceOf(field: Element): string | undefined {
  if (!field.hasAttribute("aria-invalid")) return undefined;
  const place = groupOf(field) ?? field.parentElement;
  return place?.querySelector(":scope > .at-field")?.textContent ?? undefined;
}

function groupOf(field: Element): Element | null {
  return isChoice(field) ? field.closest("fieldset, .field") : null;
}

function isChoice(field: Element): boolean {
  return field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox");
}

/** Why a form that wants one of several answers has none; nothing where it has one, or wants none. */
export function missingAnswer(form: HTMLFormElement): string | undefined {
  const { oneOf, oneOfWords } = form.dataset;
  if (!oneOf) return undefined;
  const given = new FormData(form);
  const has = oneOf.split(" ").some((name) => given.getAll(name).some((value) => String(value).trim() !== ""));
  return has ? undefined : oneOfWords;
}

/** On every page: what the browser itself finds is said at its field, and the first such field has the cursor. */
export function keepSentences(page: Document): void {
  let looked = false;
  page.addEventListener(
    "invalid",
    (event) => {
      const field = event.target;
      if (!isField(field) || !field.form) return;
      event.preventDefault();
      if (!looked) {
        looked = true; // the browser looks at all fields of a form in one go
        setTimeout(() => (looked = false));
        clearSentences(field.form);
        field.focus();
      }
      sentenceAt(field, wordsFor(field));
    },
    true,
  );
  page.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement)) return;
      clearSentences(form);
      const missing = missingAnswer(form);
      if (missing === undefined) return;
      event.preventDefault();
      const names = form.dataset.oneOf?.split(" ") ?? [];
      const last = form.querySelector(`[name="${CSS.escape(names.at(-1) ?? "")}"]`);
      if (last) sentenceAt(last, missing);
    },
    true,
  );
}

function isField(target: EventTarget | null): target is Field {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

function wordsFor(field: Field): string {
  if (field.validity.valueMissing) return gettext("Nothing stands here yet, and it is needed.");
  return gettext("This cannot be read. Look at it once more.");
}
