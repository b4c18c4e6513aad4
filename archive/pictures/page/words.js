// What the page says of facts, and what it says has changed.
"use strict";

const Words = (() => {
  const BASES = ["official", "first_hand", "stated", "press", "rumour", "opinion"];
  const BASIS_MEANS = {
    official: "in the decider's own document or channel",
    first_hand: "in the words of somebody who took part",
    stated: "in the source's own voice",
    press: "the source says that others report it",
    rumour: "hearsay, for which nobody answers",
    opinion: "a judgement or a guess",
  };
  const SECTIONS = {
    announced: "Only announced",
    employees: "Employees",
    matters: "Matters",
    letters: "Open letters",
    attributes: "Facts and figures",
    investors: "Investors",
    affiliations: "Affiliations",
    subsidiaries: "Subsidiaries",
  };
  const EXISTS = { possible: "may or may not exist", gone: "dissolved", not_yet: "not yet founded" };

  const floorMeans = (basis) => (basis === "official" ? "official alone" : `${basis.replace("_", "-")} or firmer`);
  const joined = (...parts) => parts.filter(Boolean).join(", ");
  const spaced = (text) => String(text).replaceAll("_", " ");

  /** What stands beside a name, or in its place: a fact of a snapshot in a few words, in parts [name, words]. */
  const SAY = {
    tenures: (fact) => [fact.name, fact.capacity],
    employees: (fact) => [fact.name, fact.role],
    affiliations: (fact) => [fact.name, fact.role],
    signatories: (fact) => [fact.name, ""],
    announced: (fact) => [fact.name, joined(fact.capacity, fact.role, promise(fact))],
    investors: (fact) => [fact.name, joined(fact.investment, money(fact), fact.share && `share ${fact.share}`)],
    subsidiaries: (fact) => [fact.name, ""],
    attributes: (fact) => [spaced(fact.id), `${fact.value}${fact.unit ? ` ${fact.unit}` : ""}`],
    matters: (fact) => [fact.title || fact.id, joined(fact.kind && spaced(fact.kind), fact.status, fact.outcome)],
    letters: (fact) => [fact.id, joined(fact.status, fact.outcome, count(fact))],
    counts: (fact) => [count(fact), ""],
  };

  function promise(fact) {
    const what = fact.office ? `${fact.status} for ${fact.office}` : `${fact.status} to join`;
    const by = fact.announced_by ? ` by ${fact.announced_by}` : "";
    return joined(`${what}${by}`, fact.promised && `promised for ${fact.promised.text}`, fact.overdue && "overdue");
  }

  const money = (fact) => [fact.amount, fact.currency].filter(Boolean).join(" ");
  const count = ({ signed, of }) => (signed === null ? "" : `signed by ${signed}${of === null ? "" : ` of ${of}`}`);

  /** An office in a few words: "Ann Lee (interim)", "vacant", "unknown: possibly Ann Lee". */
  function office({ status, holders }) {
    const named = (sure) => holders.filter((one) => one.certainty === sure).map(withCapacity).join(", ");
    if (status === "held") return named("certain");
    return holders.length ? `${status}: possibly ${named("possible")}` : status;
  }

  const withCapacity = ({ name, capacity }) => `${name}${capacity ? ` (${capacity})` : ""}`;

  /** What differs between two snapshots, in sentences; at most a handful. */
  function changes(before, after, most = 4) {
    const found = [];
    for (const now of after.offices) {
      const then = before.offices.find((one) => one.id === now.id);
      const [was, is] = [then ? office(then) : "unknown", office(now)];
      if (was !== is) found.push(`${now.title ?? now.id}: ${was} \u2192 ${is}`);
    }
    for (const model of Object.keys(SECTIONS)) {
      const [was, is] = [before, after].map((state) => new Set(state[model].map((fact) => told(model, fact))));
      for (const one of is) if (!was.has(one)) found.push(`${SECTIONS[model]}: + ${one}`);
      for (const one of was) if (!is.has(one)) found.push(`${SECTIONS[model]}: \u2212 ${one}`);
    }
    return found.length > most ? [...found.slice(0, most), `and ${found.length - most} more`] : found;
  }

  function told(model, fact) {
    const sure = fact.certainty === "certain" ? "" : "possibly ";
    return sure + joined(...SAY[model](fact));
  }

  return { BASES, BASIS_MEANS, SECTIONS, EXISTS, SAY, floorMeans, spaced, office, changes };
})();
