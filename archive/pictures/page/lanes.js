// Who held an office over all instants: bars beside the words, with a line at the instant asked for.
"use strict";

const Lanes = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const [ROW, BAR, WIDTH] = [9, 6, 1000];

  /** Where an instant stands from 0 to 1: every change has the same room, as on the slider. */
  function place(stops, instant) {
    if (stops.length < 2) return 0;
    let [low, high] = [0, stops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (stops[middle] < instant) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, stops.length - 1) / (stops.length - 1);
  }

  /** The picture of these rows; it says nothing that the words do not, so a reader of screens passes it by. */
  function picture(rows, stops, at) {
    const lines = packed(rows, stops);
    if (!lines.length) return null;
    const height = lines.length * ROW + 2;
    const root = shape("svg", { class: "lanes", viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none" });
    root.setAttribute("aria-hidden", "true");
    root.style.setProperty("--lines", lines.length);
    lines.forEach((bars, line) => {
      for (const { row, parts } of bars) {
        const now = Standing.certainty(row, at) ? " now" : "";
        for (const [kind, begin, end] of parts) {
          const [x, width] = [begin * WIDTH, Math.max((end - begin) * WIDTH, 3)];
          root.append(shape("rect", { class: kind + now, x, y: line * ROW + 2, width, height: BAR }));
        }
      }
    });
    const x = place(stops, at) * WIDTH;
    root.append(shape("line", { class: "cursor", x1: x, x2: x, y1: 0, y2: height }));
    return root;
  }

  /** The stretches of a row: it may hold, it holds, it may hold. */
  function stretches(row, stops) {
    const on = (instant, open) => (instant === null ? open : place(stops, instant));
    const end = on(row.valid_to_latest, 1);
    const start = Math.min(on(row.valid_from_earliest ?? row.valid_from_latest, 0), end);
    const sure = Math.min(on(row.valid_from_latest, end), end);
    const doubted = Math.max(on(row.valid_to_earliest, end), start);
    if (sure >= doubted) return [["possible", start, end]];
    const parts = [["possible", start, sure], ["certain", sure, doubted], ["possible", doubted, end]];
    return parts.filter(([, begin, stop]) => begin < stop);
  }

  /** Rows side by side in one line where they do not overlap. */
  function packed(rows, stops) {
    const lines = [];
    const bars = rows.map((row) => ({ row, parts: stretches(row, stops) })).filter((bar) => bar.parts.length);
    bars.sort((one, other) => one.parts[0][1] - other.parts[0][1]);
    for (const bar of bars) {
      const line = lines.find((others) => others.at(-1).parts.at(-1)[2] <= bar.parts[0][1]);
      if (line) line.push(bar);
      else lines.push([bar]);
    }
    return lines;
  }

  function shape(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  return { picture, place };
})();
