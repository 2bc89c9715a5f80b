// Whether what is on the screen may be called live, and in which words. Pure.

export const SILENT_MS = 10_000;
export const POLL_MS = 5_000;

export interface Heard {
  /** When the stream was last heard, in the server's milliseconds. */
  streamAt: number | null;
  /** When the values were last fetched, in the server's milliseconds. */
  fetchedAt: number | null;
  closed: boolean;
}

export interface Liveness {
  live: boolean;
  words: string;
  poll: boolean;
}

/** A value that is not live never looks live: silence of more than ten seconds is said, and asked after. */
export function liveness(heard: Heard, now: number): Liveness {
  if (heard.closed) {
    return { live: false, poll: false, words: "▲ Not live: this screen was signed out." };
  }
  const streamFresh = heard.streamAt !== null && now - heard.streamAt <= SILENT_MS;
  const fetchedFresh = heard.fetchedAt !== null && now - heard.fetchedAt <= SILENT_MS;
  if (streamFresh) return { live: true, poll: false, words: `● Live, ${age(heard.streamAt, now)}` };
  if (fetchedFresh) return { live: true, poll: true, words: `● Live by asking, ${age(heard.fetchedAt, now)}` };
  const last = Math.max(heard.streamAt ?? 0, heard.fetchedAt ?? 0);
  const since = last ? `, last heard ${age(last, now)}` : "";
  return { live: false, poll: true, words: `▲ Not live${since}` };
}

function age(at: number | null, now: number): string {
  return `${Math.max(Math.floor((now - (at ?? now)) / 1000), 0)} s ago`;
}
