// The state as elements: offices, what is only announced, conflicts, and the rest.
"use strict";

const View = (() => {
  const { element, foreign } = Elements;
  const STATUS = { held: "held", vacant: "vacant", unknown: "unknown" };

  /** All of the state below the sliders. `asked` has the data, the question, the stops and the open facts. */
  function state(asked, snapshot, conflicts) {
    const drawing = new Drawing(asked);
    return [
      drawing.offices(snapshot.offices),
      drawing.section("announced", snapshot.announced, "Nobody is announced who has not begun."),
      drawing.conflicts(conflicts),
      ...Object.keys(Words.SECTIONS)
        .filter((model) => model !== "announced" && snapshot[model].length)
        .map((model) => drawing.section(model, snapshot[model])),
      drawing.redacted(snapshot.redacted),
    ];
  }

  class Drawing {
    constructor(asked) {
      this.asked = asked;
      this.told = new Reports.Told(asked.data, asked);
      this.names = new Names.Shown(asked.data, asked);
      const seen = asked.data.rows.filter((row) => Standing.visible(row, asked.reported, asked.floor));
      this.tenures = seen.filter((row) => row.model === "tenures");
    }

    offices(offices) {
      const cards = offices.map((office) => this.office(office));
      return block("offices", "Offices", element("ul", { class: "offices" }, cards));
    }

    office({ id, title, seats, status, holders }) {
      const named = title ?? id;
      const many = seats === 1 ? null : seats === null ? "any number of seats" : `${seats} seats`;
      return element(
        "li",
        { class: `office ${status}`, "data-office": id },
        element(
          "h3",
          {},
          foreign(named),
          many ? element("span", { class: "seats" }, many) : null,
          element("span", { class: "status" }, STATUS[status]),
        ),
        Lanes.picture(this.tenures.filter((row) => row.item === id), this.asked.stops, this.asked.at),
        holders.map((holder) => this.fact("tenures", holder)),
      );
    }

    section(model, facts, otherwise = null) {
      const inside = facts.length
        ? facts.map((fact) => this.withParts(model, fact))
        : element("p", { class: "none" }, otherwise);
      return block(model, Words.SECTIONS[model], inside);
    }

    /** A fact; a letter with its counts and signatories. */
    withParts(model, fact) {
      const parts = [
        ...(fact.counts ?? []).map((count) => this.fact("counts", count)),
        ...(fact.signatories ?? []).map((one) => this.fact("signatories", one)),
      ];
      return parts.length ? element("div", {}, this.fact(model, fact), element("div", { class: "parts" }, parts)) : this.fact(model, fact);
    }

    /** One fact, which opens its reports. */
    fact(model, fact) {
      const row = Snapshot.row(fact);
      const [name, words] = Words.SAY[model](fact);
      const sure = fact.certainty === "certain" ? null : element("span", { class: "chip possibly" }, "possibly");
      const summary = element(
        "summary",
        {},
        element(
          "span",
          { class: "what" },
          sure,
          element("span", { class: "name" }, fact.person ? this.names.of(fact.person, name) : foreign(name)),
          words ? element("span", { class: "words" }, foreign(words)) : null,
          fact.disputed.length ? element("span", { class: "chip disputed" }, "disputed") : null,
        ),
        element(
          "span",
          { class: "when" },
          [...Times.held(fact, this.asked.zone)].join(" \u00b7 "),
          element("span", { class: "basis", title: Words.BASIS_MEANS[fact.basis] }, Words.spaced(fact.basis)),
        ),
      );
      const key = [row.model, row.item, row.holder].join("/");
      const others = fact.person ? this.names.others(fact.person) : null;
      return this.opening(key, `fact ${fact.certainty}`, summary, () => [others, this.told.ofRow(row), this.told.besides(row)]);
    }

    /** A summary that opens what `fill` makes, once it is open. */
    opening(key, kind, summary, fill) {
      const made = element("details", { class: kind, "data-key": key }, summary);
      const show = () => {
        if (made.open && made.childElementCount === 1) made.append(element("div", { class: "inside" }, fill()));
      };
      made.open = this.asked.open.has(key);
      show();
      made.addEventListener("toggle", () => {
        show();
        this.asked.toggled(key, made.open);
      });
      return made;
    }

    conflicts({ open, settled }) {
      const [here, elsewhere] = [[], []];
      for (const row of open) (Conflicts.touches(row, this.asked.at) ? here : elsewhere).push(row);
      return block(
        "conflicts",
        "Conflicts",
        element("p", { class: "hint" }, "Reports that cannot all be true, as far as they were public."),
        this.conflictList(here, "At this instant", "None at this instant."),
        this.conflictList(elsewhere, "At other instants"),
        this.conflictList(settled, "No longer: later reports settled them"),
      );
    }

    conflictList(rows, title, otherwise = null) {
      if (!rows.length && !otherwise) return null;
      const items = Conflicts.alike(rows).map((some) => this.conflict(some));
      const inside = items.length ? items : element("p", { class: "none" }, otherwise);
      return element("div", { class: "conflict-list" }, element("h3", {}, `${title}`), inside);
    }

    conflict(rows) {
      const [row] = rows;
      const positions = [...new Set(rows.flatMap((one) => one.positions))].sort((one, other) => one - other);
      const holders = (row.details.holders ?? []).map((id) => this.names.plain(id));
      const about = rows.length > 1 ? `${positions.length} reports` : [...new Set([subject(row.item), ...holders])].join(", ");
      const [from, to] = [row.valid_from_earliest ?? row.valid_from_latest, row.valid_to_latest];
      const when = Times.stretch(from, to, this.asked.zone);
      const summary = element(
        "summary",
        {},
        element(
          "span",
          { class: "what" },
          element("span", { class: "name" }, foreign(row.value)),
          element("span", { class: "words" }, foreign(about)),
        ),
        element("span", { class: "when" }, rows.length > 1 ? "" : when, element("span", { class: "basis" }, Words.spaced(row.basis))),
      );
      const stated = row.details.stated;
      const fill = () => [stated ? finding(stated) : null, this.told.list(positions)];
      return this.opening(["conflicts", row.item, row.value].join("/"), "fact conflict", summary, fill);
    }

    redacted(items) {
      if (!items.length) return null;
      const told = items.map(({ position, type, redacted, reason }) => {
        const when = Times.day(redacted, this.asked.zone);
        return element("li", {}, `entry ${position}, ${Words.spaced(type)}, redacted ${when}`, reason ? ": " : "", foreign(reason ?? ""));
      });
      return block("redacted", "Redacted", element("ul", {}, told));
    }
  }

  function block(id, title, ...inside) {
    const heading = `${id}-title`;
    return element("section", { "aria-labelledby": heading, class: id }, element("h2", { id: heading }, title), inside);
  }

  /** What a conflict is about, of `model/item/owner`, or of `report/POSITION` where one report contradicts itself. */
  function subject(item) {
    const [model, ...rest] = item.split("/");
    return model === "report" ? `entry ${rest[0]} alone` : Words.spaced([...new Set(rest)].join(", ")) || item;
  }

  function finding({ finding: found, reconciled_by: remedies }) {
    const zones = remedies.filter((one) => one.zones.length).map((one) => `${one.offset} is kept by ${one.zones.join(", ")}`);
    return element("p", { class: "finding" }, foreign([found, ...zones].join("; ")));
  }

  return { state };
})();
