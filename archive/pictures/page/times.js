// Instants and bounds as words, in a zone that is always named.
"use strict";

const Times = (() => {
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const FIRST = "0001-01-01T00:00:00.000000Z";
  const formats = new Map();
  const locals = new Map();

  function format(zone) {
    if (!formats.has(zone)) {
      const numbers = { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };
      const options = { ...numbers, second: "2-digit", hourCycle: "h23", timeZone: zone, timeZoneName: "short" };
      formats.set(zone, new Intl.DateTimeFormat("en-US", { ...options, era: "short" }));
    }
    return formats.get(zone);
  }

  /** Local year, month, day, time of day and zone of milliseconds since 1970. */
  function local(milliseconds, zone) {
    const key = `${milliseconds} ${zone}`;
    if (!locals.has(key)) locals.set(key, computed(milliseconds, zone));
    return locals.get(key);
  }

  function computed(milliseconds, zone) {
    const parts = new Map(format(zone).formatToParts(new Date(milliseconds)).map((part) => [part.type, part.value]));
    const [year, month, day] = ["year", "month", "day"].map((name) => Number(parts.get(name)));
    const clock = ["hour", "minute", "second"].map((name) => parts.get(name)).join(":");
    return { year, month, day, clock, zone: parts.get("timeZoneName").replace("-", "\u2212") };
  }

  const milliseconds = (instant) => Date.parse(`${instant.slice(0, 23)}Z`);

  const date = (at) => `${at.day} ${MONTHS[at.month - 1]} ${at.year}`;
  const sameDay = (one, other) => date(one) === date(other);

  /** The civil day that begins at an instant, or null. */
  function dayBegun(instant, zone) {
    const at = local(milliseconds(instant), zone);
    return instant.endsWith("000000Z") && at.clock === "00:00:00" ? at : null;
  }

  /** The civil day of which an instant is the last microsecond, or null. */
  function dayEnded(instant, zone) {
    const next = instant.endsWith("999999Z") && local(milliseconds(instant) + 1, zone);
    return next && next.clock === "00:00:00" ? local(milliseconds(instant), zone) : null;
  }

  /** The time of day: "12:00", seconds only where there are any, "24:00" and "just before 06:00" for a last microsecond. */
  function clock(instant, zone) {
    if (dayEnded(instant, zone)) return "24:00";
    if (instant.endsWith(":59.999999Z")) return `just before ${local(milliseconds(instant) + 1, zone).clock.slice(0, 5)}`;
    const parts = instant.slice(19, 26).replace(/\.?0+$/, "");
    const shown = local(milliseconds(instant), zone).clock + parts;
    return shown.endsWith(":00") ? shown.slice(0, 5) : shown;
  }

  /** "17 Nov 2023, 12:00 PST". */
  function instant(at, zone) {
    const there = local(milliseconds(at), zone);
    return `${date(there)}, ${clock(at, zone)} ${there.zone}`;
  }

  /** The bounds of a change, as briefly as they allow. */
  function range(earliest, latest, zone) {
    if (earliest === latest) return instant(latest, zone);
    const [first, last] = [dayBegun(earliest, zone), dayEnded(latest, zone)];
    if (first && last) return days(first, last);
    const [begin, end] = [local(milliseconds(earliest), zone), local(milliseconds(latest), zone)];
    if (sameDay(begin, end)) return `${date(begin)}, ${clock(earliest, zone)}\u2013${clock(latest, zone)} ${end.zone}`;
    return `between ${first ? date(first) : instant(earliest, zone)} and ${last ? date(last) : instant(latest, zone)}`;
  }

  /** Whole days, as months or years where they are whole ones. */
  function days(first, last) {
    if (sameDay(first, last)) return date(first);
    const monthEnds = last.day === new Date(Date.UTC(2000 + (last.year % 400), last.month, 0)).getUTCDate();
    if (first.day === 1 && monthEnds) {
      const years = first.month === 1 && last.month === 12;
      const shown = (at) => (years ? String(at.year) : `${MONTHS[at.month - 1]} ${at.year}`);
      return shown(first) === shown(last) ? shown(first) : `between ${shown(first)} and ${shown(last)}`;
    }
    return `between ${date(first)} and ${date(last)}`;
  }

  /** Bounds of which either may be null; a whole last day stands for itself. */
  function bounds(earliest, latest, zone) {
    if (earliest && latest) return range(earliest, latest, zone);
    if (latest) return `by ${day(latest, zone)}`;
    return earliest ? `since ${day(earliest, zone)}` : "at an unknown time";
  }

  /** A stretch of time, either end of which may be null: "20 Jan 1973 to 10 Oct 1973". */
  function stretch(from, to, zone) {
    if (from === to || !from || !to) return from || to ? day(from ?? to, zone) : "";
    return `${day(from, zone)} to ${day(to, zone)}`;
  }

  function day(at, zone) {
    const whole = dayEnded(at, zone) ?? dayBegun(at, zone);
    return whole ? date(whole) : instant(at, zone);
  }

  /** Since when and until when a fact holds, in words; what is not known is left out. */
  function* held({ since, until }, zone) {
    if (since && since.latest !== FIRST) yield begun(since, zone);
    if (!until) return;
    if (until.latest === null) yield `in doubt since ${day(until.earliest, zone)}`;
    else yield `until ${until.earliest === null ? day(until.latest, zone) : range(until.earliest, until.latest, zone)}`;
  }

  function begun({ earliest, latest }, zone) {
    if (earliest === null) return `since ${day(latest, zone)} or earlier`;
    return latest === null ? `since ${day(earliest, zone)} or later` : `since ${range(earliest, latest, zone)}`.replace("since between", "since some time between");
  }

  /** The canonical instant that a text of an address means, or null: a date is its end in UTC. */
  function parse(text) {
    const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?Z)?$/.exec(text ?? "");
    if (!found || Number.isNaN(Date.parse(found[1]))) return null;
    const [, on, minute, second = "00", fraction = ""] = found;
    if (!minute) return `${on}T23:59:59.999999Z`;
    const whole = `${on}T${minute}:${second}.${fraction.padEnd(6, "0")}Z`;
    return Number.isNaN(milliseconds(whole)) ? null : whole;
  }

  return { FIRST, instant, bounds, stretch, held, parse, day };
})();
