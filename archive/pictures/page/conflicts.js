// What cannot all be true, as far as it was public: archive/queries/conflicts.py, with what touches an instant first.
"use strict";

const Conflicts = (() => {
  const { certainty, compareText, visible } = Standing;

  /** Conflicts that stand, and those that were known by `reported` and no longer stand. Rows of the data. */
  function known(data, reported, floor) {
    const atFloor = (row) => row.floor_from <= floor && floor <= row.floor_to;
    const rows = data.rows.filter((row) => row.model === "conflicts" && atFloor(row));
    const open = unique(rows.filter((row) => visible(row, reported, floor)));
    const over = rows.filter((row) => row.reported_to !== null && (reported === null || row.reported_to <= reported));
    const settled = unique(over.filter((row) => !open.some((other) => continues(row, other))));
    return { open: open.sort(bySubject), settled: settled.sort(bySubject) };
  }

  /** Whether a conflict bears on an instant; one without a time bears on all. */
  function touches(row, at) {
    const timeless = row.valid_from_latest === null && row.valid_from_earliest === null;
    const ended = row.valid_to_latest !== null && row.valid_to_latest < at;
    return timeless || certainty(row, at) !== null || (!ended && (row.valid_from_earliest ?? row.valid_from_latest) <= at);
  }

  /** Rows that differ in their reports alone, together. */
  function alike(rows) {
    const groups = new Map();
    for (const row of rows) {
      const same = JSON.stringify([row.value, row.basis, row.details.stated?.finding ?? row.item]);
      groups.set(same, [...(groups.get(same) ?? []), row]);
    }
    return [...groups.values()];
  }

  const identity = (row) => JSON.stringify([row.item, row.value, row.details, row.positions]);

  function unique(rows) {
    return [...new Map(rows.map((row) => [identity(row), row])).values()];
  }

  function continues(row, other) {
    const same = row.item === other.item && row.value === other.value;
    return same && row.positions.some((position) => other.positions.includes(position));
  }

  const bySubject = (one, other) => compareText(one.item, other.item) || one.positions[0] - other.positions[0];

  return { known, touches, alike };
})();
