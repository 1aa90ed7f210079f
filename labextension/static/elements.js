/** Small makers of DOM elements; texts are set as text, never as HTML. */

/** What has the focus takes Enter and Space for itself: to the notebook they would mean its cell. */
export const OWN_KEYS = { 'data-lm-suppress-shortcuts': 'true' };

/**
 * @param {string} tag
 * @param {Object<string, string>} attributes
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

/**
 * @param {string} label what it says
 * @param {string} told what a screen reader says
 * @param {function(): void} pressed
 * @returns {HTMLButtonElement}
 */
export function button(label, told, pressed) {
  const attributes = { type: 'button', class: 'aib-Button', 'aria-label': told, title: told, ...OWN_KEYS };
  const made = element('button', attributes, label);
  made.addEventListener('click', pressed);
  return made;
}
