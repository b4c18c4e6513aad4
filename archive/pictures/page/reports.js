// The reports behind a fact: what each says, where, on whose word, and what was said of it later.
"use strict";

const Reports = (() => {
  const { element, foreign } = Elements;
  const ORDER = ["announces", "begins", "supports", "doubts", "disputes", "amends", "withdraws", "ends"];

  /** How reports are looked up and shown: at a report time, a floor, in a zone. */
  class Told {
    constructor(data, { reported, floor, zone }) {
      this.byPosition = new Map(data.reports.map((report) => [report.position, report]));
      this.sources = new Map(data.sources.map((source) => [source.id, source]));
      this.sees = (version) => Standing.visible(version, reported, floor);
      this.zone = zone;
    }

    /** What a report says for the question; null where it does not count. */
    version(position) {
      return this.byPosition.get(position)?.versions.find(this.sees) ?? null;
    }

    /** The evidence for a row, in the order in which it is told. */
    ofRow(row) {
      const found = Object.entries(row.roles)
        .map(([position, roles]) => ({ position: Number(position), roles: sorted(roles) }))
        .filter(({ position }) => this.version(position));
      found.sort((one, other) => rank(one.roles) - rank(other.roles) || one.position - other.position);
      const items = found.map(({ position, roles }) => this.report(position, roles, row.positions.includes(position)));
      return items.length ? element("ol", { class: "reports" }, items) : none();
    }

    /** What only speaks of a row and decides nothing, the firmest and first public before the others; null if none. */
    besides(row) {
      const found = row.besides.filter((position) => this.version(position));
      const firm = (position) => Words.BASES.indexOf(this.version(position).basis);
      const since = (position) => this.version(position).reported_from;
      found.sort((one, other) => firm(one) - firm(other) || Standing.compareText(since(one), since(other)) || one - other);
      if (!found.length) return null;
      return element("div", { class: "besides" }, element("p", {}, "Beside it, of the same matter"), this.list(found));
    }

    /** Reports by position, with nothing said of what they do. */
    list(positions) {
      const items = positions.filter((one) => this.version(one)).map((one) => this.report(one, [], false));
      return items.length ? element("ol", { class: "reports" }, items) : none();
    }

    report(position, roles, decides) {
      const { type, later, recorded } = this.byPosition.get(position);
      const said = this.version(position);
      const source = this.sources.get(said.source);
      const language = source?.language ?? null;
      return element(
        "li",
        { class: "report" },
        element(
          "p",
          { class: "report-head" },
          roles.map((role) => element("span", { class: "chip role" }, role)),
          decides ? element("span", { class: "chip decides" }, "decides") : null,
          element("span", { class: "type" }, typeInWords(type)),
          element("span", { class: "chip basis", title: Words.BASIS_MEANS[said.basis] ?? null }, basis(said)),
          element("span", { class: "position" }, `entry ${position}`),
        ),
        said.summary ? element("p", { class: "summary" }, foreign(said.summary)) : null,
        element("dl", {}, [...this.particulars(said, source, language, recorded)]),
        this.passages(said.passages, language),
        this.later(later),
      );
    }

    *particulars(said, source, language, recorded) {
      if (said.attribution) yield pair("Says", foreign(said.attribution));
      if (said.when) yield pair("When", this.meant(said.when.text, said.when));
      for (const stated of said.stated_times) yield pair("As printed", this.printed(stated, language));
      if (said.changes) yield pair("Changes", changed(said.changes));
      if (said.disputed_by) yield pair("Denied by", foreign(said.disputed_by));
      if (source) yield pair("Source", this.source(source));
      const since = said.reported_from;
      if (since === recorded) yield pair("Public since", `a time that is not known; in the archive since ${Times.day(since, this.zone)}`);
      else if (since !== Times.FIRST) yield pair("Public since", Times.day(since, this.zone));
    }

    /** A time as given, and what it means. */
    meant(text, { earliest, latest }) {
      const shown = Times.bounds(earliest ?? null, latest ?? null, this.zone);
      return element("span", {}, shown, " ", element("span", { class: "given" }, "given as ", foreign(text)));
    }

    printed(stated, language) {
      const known = stated.understood ?? {};
      const meant = (known.readings ?? []).map((one) => Times.bounds(one.earliest, one.latest, this.zone));
      const text = stated.zone ? `${stated.text} (${stated.zone})` : stated.text;
      const means = meant.length ? ` = ${meant.join(" or ")}${meant.length > 1 ? ", ambiguous" : ""}` : "";
      return element("span", {}, element("q", {}, foreign(text, language)), means, known.note ? `; ${known.note}` : "");
    }

    /** The words of passages; of those whose words are not kept, where they stand. */
    passages(all, language) {
      const where = ({ start, end }) => `characters ${start} to ${end}`;
      const missing = all.filter(({ text }) => text === null).map(where).join(", ");
      const quoted = all.filter(({ text }) => text !== null);
      return [
        ...quoted.map((one) => {
          const cite = element("cite", {}, where(one));
          return element("blockquote", { class: "passage" }, foreign(one.text, language), " ", cite);
        }),
        missing ? element("p", { class: "passage missing" }, `${missing} of the source, whose text is not kept`) : null,
      ];
    }

    source({ id, title, url, publisher, author }) {
      const name = foreign(title || id);
      const safe = url && /^https?:\/\//i.test(url);
      const link = safe ? element("a", { href: url, rel: "noopener noreferrer external" }, name) : name;
      const by = [author, publisher].filter(Boolean).flatMap((one) => [", ", foreign(one)]);
      return element("span", {}, link, by);
    }

    later(positions) {
      const counting = positions.filter((position) => this.version(position));
      if (!counting.length) return null;
      const items = counting.map((position) => this.report(position, [], false));
      return element("div", { class: "later" }, element("p", {}, "Said of it later"), element("ol", { class: "reports" }, items));
    }
  }

  const none = () => element("p", { class: "none" }, "No report of it is shown.");
  const pair = (term, told) => element("div", {}, element("dt", {}, term), element("dd", {}, told));
  const basis = (said) => (said.own ? "the archive's own word" : Words.spaced(said.basis ?? ""));
  const sorted = (roles) => [...roles].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other));
  const rank = (roles) => ORDER.indexOf(roles[0]);
  const typeInWords = (type) => type.replace(/([a-z])([A-Z])/g, (_, before, letter) => `${before} ${letter.toLowerCase()}`);

  function changed(changes) {
    const given = (value) => (value !== null && typeof value === "object" ? (value.text ?? JSON.stringify(value)) : value);
    const told = Object.entries(changes).map(([name, value]) => `${Words.spaced(name)} = ${given(value)}`);
    return foreign(told.join("; "));
  }

  return { Told };
})();
