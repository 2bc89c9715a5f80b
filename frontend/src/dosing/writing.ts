// Writing down: a form's values become an entry on this device, and leave it when the server has them.
import { serverNow } from "../ages.js";
import { CHANGED } from "../device/keeping.js";
import { entryFrom, post, type Store } from "../device/outbox.js";
import { sealerAt } from "../device/sealing.js";
import { entriesOf } from "../device/store.js";
import { clearSentences, sentenceAt } from "../fields.js";
import { gettext } from "../words.js";

/** A key for an entry; `randomUUID` is there only on TLS and on localhost. */
export function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

/** The sentence stands at the field it is about, and the first wrong field has the cursor. */
function markFields(form: HTMLFormElement, wrong: Record<string, string>): boolean {
  clearSentences(form);
  let first = true;
  let all = Object.keys(wrong).length > 0;
  for (const [field, text] of Object.entries(wrong)) {
    const input = form.querySelector<HTMLInputElement>(`[name="${CSS.escape(field)}"], [data-code~="${CSS.escape(field)}"]`);
    if (!input) {
      all = false;
      continue;
    }
    sentenceAt(input, text);
    if (first) input.focus();
    first = false;
  }
  return all;
}

export class Writer {
  private readonly by: string;

  constructor(
    private readonly root: HTMLElement,
    private readonly written: () => void,
  ) {
    this.by = root.dataset.by ?? "";
  }

  /** Catch the room's forms. What does not leave this device now is sent from any page of the same person. */
  start(): void {
    this.root.addEventListener("submit", (event) => {
      const form = event.target;
      if (form instanceof HTMLFormElement && form.dataset.outbox && !event.defaultPrevented) {
        event.preventDefault();
        if (!form.dataset.sending) void this.write(form);
      }
    });
  }

  /** A tap becomes an entry on this device first, and leaves it when the server has it. One tap, one entry. */
  private async write(form: HTMLFormElement): Promise<void> {
    const done = busy(form); // also while the key for this device is still on its way
    try {
      const sealer = await sealerAt(document.body.dataset.key ?? "");
      if (sealer) await this.keepAndSend(form, entriesOf(sealer, this.by));
      else form.submit(); // this browser keeps nothing: send it as a page without a script would
    } finally {
      done();
    }
  }

  private async keepAndSend(form: HTMLFormElement, store: Store): Promise<void> {
    const fields = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]);
    const session = this.root.dataset.session ?? "";
    const entry = entryFrom(
      { url: form.action, kind: form.dataset.outbox ?? "", session, by: this.by, fields },
      newKey(),
      serverNow(),
    );
    try {
      await store.put(entry);
    } catch {
      form.submit(); // a full disk, or storage that is shut
      return;
    }
    const token = this.root.querySelector<HTMLInputElement>("input[name='csrfmiddlewaretoken']")?.value ?? "";
    const answer = await post(entry, token);
    const place = form.querySelector<HTMLElement>("[data-errors]");
    const placed = markFields(form, answer.kind === "refused" ? answer.fields : {});
    if (place) place.hidden = answer.kind !== "refused" || placed;
    if (answer.kind === "refused") {
      await store.remove(entry.id); // the person is here and can mend it
      if (place) place.textContent = answer.why;
      return;
    }
    if (answer.kind === "kept") await store.remove(entry.id);
    form.reset();
    form.closest("dialog")?.close();
    document.dispatchEvent(new Event(CHANGED));
    this.written();
  }
}

/** The button says that it works, and takes no second tap, until the answer is there or the time is over. */
function busy(form: HTMLFormElement): () => void {
  const button = form.querySelector<HTMLButtonElement>("button[type='submit']");
  const words = button?.textContent ?? "";
  form.dataset.sending = "yes";
  if (button) {
    button.disabled = true;
    button.textContent = gettext("Saving …");
  }
  const late = setTimeout(() => button && (button.textContent = gettext("Still saving …")), 2_000);
  return () => {
    clearTimeout(late);
    delete form.dataset.sending;
    if (button) {
      button.disabled = false;
      button.textContent = words;
    }
  };
}
