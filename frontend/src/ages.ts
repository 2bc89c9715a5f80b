// Ages of values go on counting on the page, in the same words as the server's.

import { gettext, ngettext } from "./words.js";

/** An age in seconds, as people say it. */
export function ageWords(seconds: number): string {
  const whole = Math.trunc(seconds);
  if (whole < -60) return gettext("in %(time)s", { time: lengthWords(-whole) });
  return gettext("%(time)s ago", { time: lengthWords(Math.max(whole, 0)) });
}

function lengthWords(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.floor(seconds / 3600)} h`;
  return ngettext("%(count)s day", "%(count)s days", Math.floor(seconds / 86400));
}

/** Milliseconds by which the server's clock is ahead of this device's. */
let ahead = 0;

/** Take the server's time, so that a wrong device clock never makes a value look fresh. */
export function setServerTime(server: Date, device: Date = new Date()): void {
  ahead = server.getTime() - device.getTime();
}

/** The server's time now, as well as this page knows it. */
export function serverNow(): Date {
  return new Date(Date.now() + ahead);
}

/** Rewrite every age on the page. */
export function tick(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[data-age]")) {
    const at = Date.parse(element.dateTime);
    if (!Number.isNaN(at)) {
      const words = ageWords((serverNow().getTime() - at) / 1000);
      if (element.textContent !== words) element.textContent = words;
    }
  }
}

/** Count on, once a second. */
export function keepAges(root: ParentNode): void {
  const server = document.querySelector<HTMLMetaElement>("meta[name='server-time']");
  if (server) setServerTime(new Date(server.content));
  setInterval(() => tick(root), 1000);
}
