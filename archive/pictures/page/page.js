// The page: what is asked stands in the address, the sliders change it, and the state is drawn anew.
"use strict";

const Page = (() => {
  const { element, foreign } = Elements;
  const data = archiveData;
  const DEFAULT_FLOOR = Words.BASES.indexOf("press") + 1;
  const QUIET = 350;
  const find = (id) => document.getElementById(id);

  const happened = stops(["valid_from_earliest", "valid_from_latest", "valid_to_earliest", "valid_to_latest"], data.rows, [data.at]);
  const clocks = ["reported_from", "reported_to"];
  const reportTimes = stops(clocks, [...data.rows, ...data.reports.flatMap((report) => report.versions)], []);

  /** What is asked: `at`, `reported` (null: all that is public), `floor`, `zone`, `language`, and the open facts. */
  const asked = {
    data,
    stops: happened,
    at: data.at,
    reported: null,
    floor: DEFAULT_FLOOR,
    zone: data.tz,
    language: "",
    open: new Set(),
    toggled(key, open) {
      if (open === asked.open.has(key)) return;
      if (open) asked.open.add(key);
      else asked.open.delete(key);
      remember();
    },
  };
  let shown = null;
  let speaking = 0;
  let writing = 0;

  /** The instants of these columns, each once, in order, without the one before all others. */
  function stops(columns, rows, more) {
    const found = new Set(more);
    for (const row of rows) for (const column of columns) found.add(row[column]);
    return [...found].filter((one) => one && one !== Times.FIRST).sort();
  }

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    const floor = Words.BASES.indexOf(given.get("basis")) + 1;
    asked.at = Times.parse(given.get("at")) ?? data.at;
    asked.reported = Times.parse(given.get("reported"));
    asked.floor = floor >= 1 && floor <= 5 ? floor : DEFAULT_FLOOR;
    asked.zone = zones().includes(given.get("tz")) ? given.get("tz") : data.tz;
    asked.language = Names.languages(data).includes(given.get("names")) ? given.get("names") : "";
    asked.open = new Set(given.getAll("fact"));
  }

  /** Keep what is asked in the address, once it rests: a browser refuses an address that changes too often. */
  function remember() {
    clearTimeout(writing);
    writing = setTimeout(() => history.replaceState(null, "", `#${address()}`), QUIET);
  }

  function address() {
    const given = new URLSearchParams({ at: asked.at, reported: asked.reported ?? "latest" });
    if (asked.floor !== DEFAULT_FLOOR) given.set("basis", Words.BASES[asked.floor - 1]);
    if (asked.zone !== data.tz) given.set("tz", asked.zone);
    if (asked.language) given.set("names", asked.language);
    for (const key of asked.open) given.append("fact", key);
    return given;
  }

  function zones() {
    return [...new Set([data.tz, "UTC", Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC"])];
  }

  /** Draw all that depends on what is asked, keep the focus where it was, and say what has changed. */
  function draw({ announce = true } = {}) {
    const snapshot = Snapshot.of(data, asked.at, asked.reported, asked.floor);
    const conflicts = Conflicts.known(data, asked.reported, asked.floor);
    const focused = document.activeElement?.closest("[data-key]")?.dataset.key;
    find("state").replaceChildren(...View.state(asked, snapshot, conflicts).filter(Boolean));
    if (focused) find("state").querySelector(`[data-key="${CSS.escape(focused)}"] > summary`)?.focus({ preventScroll: true });
    drawDials();
    drawAbout(snapshot);
    if (announce && shown) say(Words.changes(shown, snapshot));
    shown = snapshot;
    document.documentElement.dataset.drawn = `${asked.at} ${asked.reported ?? "latest"} ${asked.floor}`;
  }

  function drawDials() {
    const last = reportTimes.length - 1;
    const reported = asked.reported === null ? "everything public so far" : Times.instant(asked.reported, asked.zone);
    dial("at", happened, before(happened, asked.at), Times.instant(asked.at, asked.zone));
    dial("reported", reportTimes, asked.reported === null ? last : before(reportTimes, asked.reported), reported);
  }

  function dial(id, all, index, words) {
    const slider = find(id);
    slider.max = Math.max(all.length - 1, 0);
    slider.value = Math.max(index, 0);
    slider.disabled = all.length < 2;
    slider.setAttribute("aria-valuetext", words);
    find(`${id}-shown`).textContent = words;
    find(`${id}-back`).disabled = index <= 0;
    find(`${id}-on`).disabled = index >= all.length - 1;
  }

  /** The place of the last stop that is not after an instant; -1 before the first. */
  function before(all, instant) {
    return all.findLastIndex((one) => one <= instant);
  }

  function drawAbout(snapshot) {
    const exists = Words.EXISTS[snapshot.exists];
    find("name").replaceChildren(foreign(snapshot.name));
    find("exists").textContent = exists ? `Then ${exists}.` : "";
    const asking = ["archive project", `--organisation ${data.organisation}`, `--at ${asked.at}`];
    if (asked.reported !== null) asking.push(`--as-reported ${asked.reported}`);
    if (asked.floor !== DEFAULT_FLOOR) asking.push(`--basis ${Words.BASES[asked.floor - 1]}`);
    find("command").textContent = [...asking, `--as-recorded @${data.log.size}`].join(" ");
  }

  function say(changes) {
    clearTimeout(speaking);
    const told = changes.map((one) => element("li", {}, foreign(one)));
    find("changes").replaceChildren(...(told.length ? told : [element("li", {}, "Nothing that is shown has changed.")]));
    speaking = setTimeout(() => {
      find("live").textContent = changes.join("; ") || "nothing has changed";
    }, QUIET);
  }

  function move(change) {
    Object.assign(asked, change);
    draw();
    remember();
  }

  const toStop = (index) => ({ at: happened[index] });
  const toReport = (index) => ({ reported: index >= reportTimes.length - 1 ? null : reportTimes[index] });

  function listen() {
    for (const [id, all, to] of [["at", happened, toStop], ["reported", reportTimes, toReport]]) {
      const slider = find(id);
      const step = (by) => move(to(Math.min(Math.max(Number(slider.value) + by, 0), all.length - 1)));
      slider.addEventListener("input", () => step(0));
      find(`${id}-back`).addEventListener("click", () => step(between(id, all) ? 0 : -1));
      find(`${id}-on`).addEventListener("click", () => step(1));
    }
    choices("floor", Words.BASES.slice(0, 5).map((basis, rank) => [rank + 1, Words.floorMeans(basis)]), (rank) => ({ floor: Number(rank) }));
    choices("zone", zones().map((zone) => [zone, zone]), (zone) => ({ zone }));
    const languages = Names.languages(data);
    const tongues = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
    choices("language", [["", "as registered"], ...languages.map((code) => [code, spoken(tongues, code)])], (language) => ({ language }));
    find("language").closest("label").hidden = !languages.length;
    addEventListener("hashchange", () => {
      clearTimeout(writing);
      read();
      choose();
      draw();
    });
  }

  /** Whether the instant asked for, from an address, lies between two stops of its slider. */
  function between(id, all) {
    const instant = asked[id];
    return instant !== null && !all.includes(instant) && before(all, instant) >= 0;
  }

  function spoken(tongues, code) {
    try {
      return tongues.of(code);
    } catch {
      return code;
    }
  }

  function choices(id, options, change) {
    find(id).replaceChildren(...options.map(([value, words]) => element("option", { value }, words)));
    find(id).addEventListener("change", () => move(change(find(id).value)));
  }

  function choose() {
    for (const id of ["floor", "zone", "language"]) find(id).value = String(asked[id]);
  }

  function drawOnce() {
    find("size").textContent = String(data.log.size);
    find("root").textContent = data.log.root;
    find("recorded").textContent = Times.instant(data.as_recorded, data.tz);
    find("internal").hidden = data.access !== "internal";
    find("public").hidden = data.access === "internal";
  }

  read();
  listen();
  choose();
  drawOnce();
  draw({ announce: false });
  return { asked, happened, reportTimes, address };
})();
