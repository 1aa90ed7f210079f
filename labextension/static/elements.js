/** Small makers of DOM elements; texts are set as text, never as HTML. */

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
  const made = element('button', { type: 'button', class: 'aib-Button', 'aria-label': told, title: told }, label);
  made.addEventListener('click', pressed);
  return made;
}
