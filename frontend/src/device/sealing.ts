// What waits on this device lies sealed (AES-256-GCM), under a key of the person's own that the clinic gives
// after sign-in and that is held in memory alone: a lost tablet, or the next person at it, reads nothing.

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export class Sealer {
  constructor(private readonly key: CryptoKey) {}

  /** The value, sealed; `place` is bound to it, so that it opens nowhere else. */
  async seal(value: unknown, place: string): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt(algorithm(iv, place), this.key, plain) };
  }

  /** The value again; undefined when it was sealed for another person, another place, or was changed. */
  async open<T>(sealed: Sealed, place: string): Promise<T | undefined> {
    try {
      const plain = await crypto.subtle.decrypt(algorithm(sealed.iv, place), this.key, sealed.data);
      return JSON.parse(new TextDecoder().decode(plain)) as T;
    } catch {
      return undefined;
    }
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, place: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
}

/** A sealer for these 32 bytes. */
export async function sealerFrom(bytes: Uint8Array<ArrayBuffer>): Promise<Sealer> {
  return new Sealer(await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]));
}

/** Whether this browser seals at all: it does on TLS and on localhost. */
export const canSeal = (): boolean => Boolean(globalThis.crypto?.subtle);

const keysOnTheirWay = new Map<string, Promise<Sealer | undefined>>();

/**
 * The sealer of whoever is signed in: asked for once by all of a page, and again by the next who needs it when it did
 * not come. Undefined where a browser can seal nothing, nobody is signed in, or the clinic does not answer just now.
 */
export function sealerAt(url: string): Promise<Sealer | undefined> {
  if (!canSeal() || !url) return Promise.resolve(undefined);
  const known = keysOnTheirWay.get(url);
  if (known) return known;
  const asked = askedFor(url).then((sealer) => {
    if (!sealer) keysOnTheirWay.delete(url);
    return sealer;
  });
  keysOnTheirWay.set(url, asked);
  return asked;
}

async function askedFor(url: string): Promise<Sealer | undefined> {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8_000) });
    if (!response.ok || response.redirected) return undefined;
    const { key } = (await response.json()) as { key: string };
    return await sealerFrom(Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
