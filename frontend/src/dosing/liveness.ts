// Whether what is on the screen may be called live, and in which words. Pure.

import { gettext } from "../words.js";

export const SILENT_MS = 5_000;
export const POLL_MS = 2_500;

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

/**
 * What of the room is live, in words: the screen, and whether a monitor is heard behind it.
 * A value that is not live never looks live: silence of more than five seconds is said, and asked after.
 */
export function liveness(heard: Heard, now: number, monitor = ""): Liveness {
  const behind = monitor ? ` · ${monitor}` : "";
  if (heard.closed) {
    const words = gettext("Screen not live: it was signed out.");
    return { live: false, poll: false, words: `▲ ${words}` };
  }
  const streamFresh = heard.streamAt !== null && now - heard.streamAt <= SILENT_MS;
  const fetchedFresh = heard.fetchedAt !== null && now - heard.fetchedAt <= SILENT_MS;
  if (streamFresh) {
    const words = gettext("Screen live, %(age)s", { age: age(heard.streamAt, now) });
    return { live: true, poll: false, words: `● ${words}${behind}` };
  }
  if (fetchedFresh) {
    const words = gettext("Screen live by asking, %(age)s", { age: age(heard.fetchedAt, now) });
    return { live: true, poll: true, words: `● ${words}${behind}` };
  }
  const last = Math.max(heard.streamAt ?? 0, heard.fetchedAt ?? 0);
  const words = last
    ? gettext("Screen not live, last heard %(age)s", { age: age(last, now) })
    : gettext("Screen not live");
  return { live: false, poll: true, words: `▲ ${words}` };
}

function age(at: number | null, now: number): string {
  const seconds = Math.max(Math.floor((now - (at ?? now)) / 1000), 0);
  return gettext("%(time)s ago", { time: `${seconds} s` });
}
