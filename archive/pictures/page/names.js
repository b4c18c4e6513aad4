// Names: the one registered, or another recorded one in the language that the reader chose.
"use strict";

const Names = (() => {
  const { element, foreign } = Elements;

  class Shown {
    constructor(data, { reported, floor, language }) {
      const sees = (row) => Standing.visible(row, reported, floor);
      this.language = language;
      this.registered = new Map();
      for (const row of [...data.people, ...data.organisations].filter(sees)) this.registered.set(row.id, row.name);
      this.recorded = new Map();
      for (const row of data.names.filter(sees)) {
        const id = row.subject.slice(row.subject.indexOf("/") + 1);
        this.recorded.set(id, [...(this.recorded.get(id) ?? []), row]);
      }
      for (const rows of this.recorded.values()) rows.sort((one, other) => one.positions[0] - other.positions[0]);
    }

    /** The name to show of somebody whom a fact calls `name`, with the registered one beside a chosen one. */
    of(id, name) {
      const chosen = this.chosen(id);
      if (!chosen || chosen.name === name) return foreign(name);
      return element("span", {}, foreign(chosen.name, chosen.language), " ", element("span", { class: "aka" }, foreign(name)));
    }

    plain(id) {
      return this.chosen(id)?.name ?? this.registered.get(id) ?? id;
    }

    chosen(id) {
      return (this.recorded.get(id) ?? []).find((row) => this.language && row.language === this.language) ?? null;
    }

    /** Everything else that sources call somebody. */
    others(id) {
      const names = new Map((this.recorded.get(id) ?? []).map((row) => [row.name, row.language]));
      names.delete(this.registered.get(id));
      if (!names.size) return null;
      const told = [...names].flatMap(([name, language]) => [", ", foreign(name, language)]).slice(1);
      return element("p", { class: "also" }, "Also called ", told);
    }
  }

  /** The languages of recorded names, by their own codes. */
  function languages(data) {
    return [...new Set(data.names.map((row) => row.language).filter(Boolean))].sort();
  }

  return { Shown, languages };
})();
