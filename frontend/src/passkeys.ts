// A passkey is made, or asked for, when its button is pressed: the device makes sure that it is its owner.
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from "@simplewebauthn/browser";
import { gettext } from "./words.js";

interface Told {
  creation_options?: { publicKey: Parameters<typeof startRegistration>[0]["optionsJSON"] };
  request_options?: { publicKey: Parameters<typeof startAuthentication>[0]["optionsJSON"] };
}

/** What a person is told when the device made no key, or gave none. */
export function whyNot(error: unknown): string {
  const code = (error as { code?: string }).code ?? "";
  if (code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED") return gettext("This device has a passkey for you already: sign in with it.");
  if (code.startsWith("ERROR_AUTHENTICATOR_MISSING") || code === "ERROR_AUTHENTICATOR_NO_SUPPORTED_PUBKEYCREDPARAMS_ALG")
    return gettext("This device cannot keep a passkey. Use the other way below.");
  return gettext("The device has not confirmed it, and nothing was changed. Try again, or use the other way below.");
}

/** Lets every button marked `data-passkey` (`make`, `use`) work; where the browser cannot, the other way is open. */
export function keepPasskeys(page: Document): void {
  const able = browserSupportsWebAuthn();
  for (const other of page.querySelectorAll<HTMLDetailsElement>("details[data-without-passkey]")) if (!able) other.open = true;
  for (const part of page.querySelectorAll<HTMLElement>("[data-with-passkey]")) part.hidden = !able;
  for (const button of page.querySelectorAll<HTMLButtonElement>("[data-passkey]"))
    button.addEventListener("click", (event) => {
      event.preventDefault();
      void press(page, button);
    });
}

async function press(page: Document, button: HTMLButtonElement): Promise<void> {
  const form = button.form;
  const field = form?.elements.namedItem("credential");
  if (!form || !(field instanceof HTMLInputElement)) return;
  const said = page.querySelector<HTMLElement>("[data-passkey-said]");
  if (said) said.hidden = true;
  button.disabled = true;
  try {
    const told = await options(page, button.dataset.options ?? "");
    const key = button.dataset.passkey === "make"
      ? await startRegistration({ optionsJSON: told.creation_options!.publicKey })
      : await startAuthentication({ optionsJSON: told.request_options!.publicKey });
    field.value = JSON.stringify(key);
    form.submit();
  } catch (error) {
    button.disabled = false;
    if (!said) return;
    said.textContent = `✕ ${whyNot(error)}`;
    said.hidden = false;
  }
}

async function options(page: Document, address: string): Promise<Told> {
  if (!address) return JSON.parse(page.getElementById("js_data")?.textContent ?? "{}") as Told;
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15_000) });
  return (await answer.json()) as Told;
}
