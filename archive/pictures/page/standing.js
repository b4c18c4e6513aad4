// How a row stands at an instant, a report time and a floor: the rules of archive/queries/standing.py.
"use strict";

const Standing = (() => {
  /** Whether a row counts for what was public by `reported` (null: all of it) at a floor, a rank from 1 to 5. */
  function visible(row, reported, floor) {
    if (floor < row.floor_from || floor > row.floor_to) return false;
    if (reported === null) return row.reported_to === null;
    return row.reported_from <= reported && (row.reported_to === null || reported < row.reported_to);
  }

  /** "certain", "possible" or null. */
  function certainty(row, at) {
    const begun = row.valid_from_latest !== null && row.valid_from_latest <= at;
    if (begun && (row.valid_to_earliest === null || at < row.valid_to_earliest)) return "certain";
    const first = row.valid_from_earliest ?? row.valid_from_latest;
    const open = row.valid_to_latest === null || at < row.valid_to_latest;
    return first !== null && first <= at && open ? "possible" : null;
  }

  const isOver = (row, at) => row.valid_to_latest !== null && row.valid_to_latest <= at;

  function mayHaveBegun(row, at) {
    return !isOver(row, at) && (row.valid_from_earliest === null || row.valid_from_earliest <= at);
  }

  const PAIRED = /[\ud800-\udfff]/;

  /** Text in the order of its code points, as Python compares it. */
  function compareText(one, other) {
    if (one === other) return 0;
    if (!PAIRED.test(one) && !PAIRED.test(other)) return one < other ? -1 : 1;
    const [left, right] = [[...one], [...other]];
    for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
      const apart = left[place].codePointAt(0) - right[place].codePointAt(0);
      if (apart) return apart;
    }
    return left.length - right.length;
  }

  function compareNumbers(one, other) {
    for (let place = 0; place < Math.min(one.length, other.length); place += 1) {
      if (one[place] !== other[place]) return one[place] - other[place];
    }
    return one.length - other.length;
  }

  function compareRows(one, other) {
    return (
      compareText(one.valid_from_latest ?? "", other.valid_from_latest ?? "") ||
      compareText(one.item, other.item) ||
      compareText(one.holder, other.holder) ||
      compareText(one.value ?? "", other.value ?? "") ||
      compareNumbers(one.positions, other.positions)
    );
  }

  /** The rows that are certainly or possibly so, as pairs with which of the two: certain ones first. */
  function standing(rows, at) {
    return rows
      .map((row) => [row, certainty(row, at)])
      .filter(([, sure]) => sure)
      .sort(([one, sure], [other, unsure]) => compareText(sure, unsure) || compareRows(one, other));
  }

  /** "held", "vacant" or "unknown". */
  function officeStatus(rows, at) {
    if (rows.some((row) => certainty(row, at) === "certain")) return "held";
    const gone = rows.some((row) => isOver(row, at));
    return gone && !rows.some((row) => mayHaveBegun(row, at)) ? "vacant" : "unknown";
  }

  /** "certain", "possible", "gone", "not_yet" or "unknown". */
  function existence(rows, at) {
    const found = standing(rows, at);
    if (found.length) return found[0][1];
    if (!rows.length || rows.some((row) => mayHaveBegun(row, at))) return "unknown";
    return rows.some((row) => isOver(row, at)) ? "gone" : "not_yet";
  }

  return { visible, certainty, compareText, standing, officeStatus, existence };
})();
