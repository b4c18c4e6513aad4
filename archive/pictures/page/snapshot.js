// The state of the organisation at an instant, as `archive project --format json` gives it: archive/queries/parts.py.
"use strict";

const Snapshot = (() => {
  const { compareText, standing, visible } = Standing;

  const bounds = (earliest, latest) => (earliest === null && latest === null ? null : { earliest, latest });

  /** Order by the time of a registration, then by its value; the last one counts. */
  const byAge = (one, other) =>
    compareText(one.valid_from_latest ?? "", other.valid_from_latest ?? "") ||
    compareText(one.value ?? one.name ?? "", other.value ?? other.name ?? "");

  /** The organisation at `at`, on what was public by `reported` (null: all of it), at a floor from 1 to 5. */
  function of(data, at, reported, floor) {
    return new Asked(data, at, reported, floor).organisation();
  }

  class Asked {
    constructor(data, at, reported, floor) {
      this.data = data;
      this.at = at;
      this.sees = (row) => visible(row, reported, floor);
      this.models = byModel(data.rows.filter(this.sees));
      this.people = this.named(data.people);
      this.organisations = this.named(data.organisations);
      this.told = new Map(data.reports.map((report) => [report.position, report]));
    }

    named(rows) {
      return new Map(rows.filter(this.sees).sort(byAge).map((row) => [row.id, row.name]));
    }

    rows(model) {
      return this.models.get(model) ?? [];
    }

    standing(model) {
      return standing(this.rows(model), this.at);
    }

    byItem(model) {
      return this.standing(model).sort(([one], [other]) => compareText(one.item, other.item));
    }

    organisation() {
      const shown = [...this.rows("organisations")].sort(byAge).at(-1);
      const facts = (model, say) => this.standing(model).map(([row, sure]) => say(row, sure));
      const items = (model, say) => this.byItem(model).map(([row, sure]) => say(row, sure));
      return {
        id: this.data.organisation,
        name: shown ? shown.value : this.data.organisation,
        exists: Standing.existence(this.rows("existence"), this.at),
        offices: this.offices(),
        employees: facts("employees", (row, sure) => this.employee(row, sure)),
        announced: facts("announced", (row, sure) => this.announced(row, sure)),
        attributes: items("attributes", (row, sure) => this.attribute(row, sure)),
        matters: items("matters", (row, sure) => this.matter(row, sure)),
        letters: items("letters", (row, sure) => this.letter(row, sure)),
        investors: facts("investors", (row, sure) => this.investor(row, sure)),
        affiliations: facts("affiliations", (row, sure) => this.employee(row, sure)),
        subsidiaries: facts("subsidiaries", (row, sure) => this.part(row, sure)),
        redacted: this.data.redacted,
      };
    }

    offices() {
      const registered = new Map([...this.rows("offices")].sort(byAge).map((row) => [row.item, row]));
      const tenures = new Map([...registered.keys()].map((office) => [office, []]));
      for (const row of this.rows("tenures")) {
        if (!tenures.has(row.item)) tenures.set(row.item, []);
        tenures.get(row.item).push(row);
      }
      return [...tenures.keys()].sort(compareText).map((office) => ({
        id: office,
        title: registered.get(office)?.value ?? null,
        seats: registered.get(office)?.details.seats ?? null,
        status: this.status(office, tenures.get(office)),
        holders: standing(tenures.get(office), this.at).map(([row, sure]) => this.holder(row, sure, row.value)),
      }));
    }

    /** Where something was left out, nobody may be called gone for good. */
    status(office, rows) {
      const status = Standing.officeStatus(rows, this.at);
      return status === "vacant" && this.data.partly.includes(office) ? "unknown" : status;
    }

    timing(row, certainty) {
      return {
        certainty,
        since: bounds(row.valid_from_earliest, row.valid_from_latest),
        until: bounds(row.valid_to_earliest, row.valid_to_latest),
        basis: row.basis,
        positions: row.positions,
        disputed: this.denials(row),
      };
    }

    denials(row) {
      return Object.entries(row.roles)
        .filter(([, roles]) => roles.includes("disputes"))
        .map(([position]) => Number(position))
        .filter((position) => this.told.get(position)?.versions.some(this.sees))
        .sort((one, other) => one - other);
    }

    /** An object of a snapshot: its own keys, then those of its timing; the page asks `row` for what it is of. */
    fact(own, row, certainty) {
      const fact = { ...own, ...this.timing(row, certainty) };
      rowOf.set(fact, row);
      return fact;
    }

    holder(row, sure, capacity = null, more = {}) {
      const name = this.people.get(row.holder) || this.organisations.get(row.holder) || row.holder;
      return this.fact({ person: row.holder, name, capacity, ...more }, row, sure);
    }

    employee(row, sure) {
      return this.holder(row, sure, null, { role: row.value });
    }

    announced(row, sure) {
      const promised = row.details.promised ?? null;
      const due = promised?.latest ?? null;
      const inOffice = row.item !== "";
      return this.holder(row, sure, inOffice ? row.value : null, {
        status: row.details.status ?? "announced",
        office: row.item || null,
        role: inOffice ? null : row.value,
        announced_by: row.details.announced_by ?? null,
        promised,
        overdue: due !== null && due < this.at,
      });
    }

    investor(row, sure) {
      return this.holder(row, sure, null, {
        organisation: this.organisations.has(row.holder) ? row.holder : null,
        investment: row.item || null,
        amount: row.value,
        currency: row.details.currency ?? null,
        share: row.details.share ?? null,
      });
    }

    part(row, sure) {
      const registered = this.organisations.has(row.holder);
      const name = registered ? this.organisations.get(row.holder) : row.holder;
      return this.fact({ id: registered ? row.holder : null, name }, row, sure);
    }

    attribute(row, sure) {
      return this.fact({ id: row.item, value: row.value, unit: row.details.unit ?? null }, row, sure);
    }

    matter(row, sure) {
      const outcome = row.value === "closed" ? (row.details.outcome ?? null) : null;
      const { kind = null, title = null } = row.details;
      return this.fact({ id: row.item, status: row.value, kind, title, outcome }, row, sure);
    }

    letter(row, sure) {
      const ofLetter = (model) => this.standing(model).filter(([one]) => one.item === row.item);
      const counts = ofLetter("counts").map(([one, certainty]) =>
        this.fact({ signed: Number(one.value ?? 0), of: one.details.of ?? null }, one, certainty),
      );
      const own = {
        id: row.item,
        status: row.value,
        outcome: row.value === "closed" ? (row.details.outcome ?? null) : null,
        signed: counts[0]?.signed ?? null,
        of: counts[0]?.of ?? null,
        signed_certainty: counts[0]?.certainty ?? null,
      };
      const signatories = ofLetter("signatures").map(([one, certainty]) => this.holder(one, certainty));
      return Object.assign(this.fact(own, row, sure), { counts, signatories });
    }
  }

  const rowOf = new WeakMap();

  function byModel(rows) {
    const models = new Map();
    for (const row of rows) {
      if (!models.has(row.model)) models.set(row.model, []);
      models.get(row.model).push(row);
    }
    return models;
  }

  /** The row that a fact of a snapshot shows. */
  const row = (fact) => rowOf.get(fact);

  return { of, row };
})();
