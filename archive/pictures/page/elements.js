// Elements of the page. Text enters as text alone: nothing here, and nothing that uses it, parses markup.
"use strict";

const Elements = (() => {
  // What would be obeyed or show in another order: controls, marks of direction, ends of line.
  const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

  /** Text of a source with what a reader cannot see written out, as \u202e. */
  function visibleText(text) {
    return String(text).replace(UNSAFE, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }

  /** An element with attributes (left out where null or false) and children: elements, text, null. */
  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  /** Words of a source, apart from the direction of what stands around them. */
  function foreign(text, language = null) {
    return element("bdi", { lang: language }, visibleText(text));
  }

  return { element, foreign, visibleText };
})();
