// Writing down: a form's values become an entry on this device, and leave it when the server has them.
import { serverNow } from "../ages.js";
import { type Answer, type Entry, entryFrom, keptWords, meaning, sendAll } from "./outbox.js";
import { deviceStore } from "./store.js";

const SEND_EVERY_MS = 15_000;

/** A key for an entry; `randomUUID` is there only on TLS and on localhost. */
function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

/** The sentence stands at the field it is about, and the first wrong field has the cursor. */
function markFields(form: HTMLFormElement, wrong: Record<string, string>): boolean {
  for (const old of form.querySelectorAll(".at-field")) old.remove();
  for (const input of form.querySelectorAll<HTMLInputElement>("[aria-invalid]")) input.removeAttribute("aria-invalid");
  let first = true;
  let all = Object.keys(wrong).length > 0;
  for (const [field, text] of Object.entries(wrong)) {
    const input = form.querySelector<HTMLInputElement>(`[name="${CSS.escape(field)}"], [data-code="${CSS.escape(field)}"]`);
    if (!input) {
      all = false;
      continue;
    }
    input.setAttribute("aria-invalid", "true");
    const line = document.createElement("p");
    line.className = "errors at-field";
    line.textContent = text;
    input.after(line);
    if (first) input.focus();
    first = false;
  }
  return all;
}

export class Writer {
  private readonly by: string;
  private sending = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly written: () => void,
  ) {
    this.by = root.dataset.by ?? "";
  }

  /** Catch the room's forms, and go on sending what has not left this device. */
  start(): void {
    this.root.addEventListener("submit", (event) => {
      const form = event.target;
      if (form instanceof HTMLFormElement && form.dataset.outbox) {
        event.preventDefault();
        void this.write(form);
      }
    });
    this.root.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const dropped = target?.closest<HTMLElement>("[data-drop]")?.dataset.drop;
      if (dropped) void deviceStore.remove(dropped).then(() => this.sayKept());
    });
    setInterval(() => void this.sendKept(), SEND_EVERY_MS);
    window.addEventListener("online", () => void this.sendKept());
    void navigator.storage?.persist?.();
    void this.sendKept();
  }

  /** A tap becomes an entry on this device first, and leaves it when the server has it. */
  private async write(form: HTMLFormElement): Promise<void> {
    const fields = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]);
    const session = this.root.dataset.session ?? "";
    const entry = entryFrom(
      { url: form.action, kind: form.dataset.outbox ?? "", session, by: this.by, fields },
      newKey(),
      serverNow(),
    );
    try {
      await deviceStore.put(entry);
    } catch {
      form.submit(); // this browser keeps nothing: send it as a page without a script would
      return;
    }
    const answer = await this.post(entry);
    const place = form.querySelector<HTMLElement>("[data-errors]");
    const placed = markFields(form, answer.kind === "refused" ? answer.fields : {});
    if (place) place.hidden = answer.kind !== "refused" || placed;
    if (answer.kind === "refused") {
      await deviceStore.remove(entry.id); // the person is here and can mend it
      if (place) place.textContent = answer.why;
      return;
    }
    if (answer.kind === "kept") await deviceStore.remove(entry.id);
    form.reset();
    form.closest("dialog")?.close();
    await this.sayKept();
    this.written();
  }

  private async post(entry: Entry): Promise<Answer> {
    const token = this.root.querySelector<HTMLInputElement>("input[name='csrfmiddlewaretoken']")?.value ?? "";
    try {
      const response = await fetch(entry.url, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        body: new URLSearchParams(entry.fields),
      });
      return meaning(response.status, await response.json().catch(() => null));
    } catch {
      return { kind: "later" };
    }
  }

  private async sendKept(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      await sendAll(deviceStore, this.by, (entry) => this.post(entry));
    } finally {
      this.sending = false;
    }
    await this.sayKept();
  }

  private async sayKept(): Promise<void> {
    const place = document.getElementById("kept");
    if (!place) return;
    const entries = await deviceStore.all();
    const words = keptWords(entries);
    const refused = entries.filter((entry) => entry.refused !== undefined);
    place.hidden = !words && !refused.length;
    place.replaceChildren(
      words,
      ...refused.map((entry) => {
        const line = document.createElement("span");
        line.textContent = ` ✕ ${entry.kind.replace("_", " ")} of ${entry.tappedAt.slice(11, 16)} UTC was not taken: ${entry.refused ?? ""} `;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button quiet";
        button.dataset.drop = entry.id;
        button.textContent = "I have seen this, drop it";
        line.append(button);
        return line;
      }),
    );
  }
}
