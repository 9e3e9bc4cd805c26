/**
 * Making elements. What people and the server say goes in as text nodes and nothing else, so none of it is ever HTML.
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | ((event: any) => void)>} [attributes] a function listens to the event of that name
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

const ICONS = {
  chat: 'M4 5h16v11H10l-4.5 4v-4H4z M8 9h8 M8 12h5',
  close: 'M6 6l12 12 M18 6L6 18',
  menu: 'M5 7h14 M5 12h14 M5 17h14',
  send: 'M4 12L20 4l-5 16-3.5-6.5z M11.5 13.5L20 4',
  phone: 'M6 3.5h3l2 5-2.3 1.6a12 12 0 0 0 5.2 5.2L15.5 13l5 2v3a2.5 2.5 0 0 1-2.6 2.5C10.6 20 4 13.4 3.5 6.100A2.5 2.5 0 0 1 6 3.500z',
  lock: 'M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  alert: 'M12 4l9 16H3z M12 10v5 M12 17.400v.200',
};

/**
 * A line drawing in the colour of the text around it. It says nothing that the text beside it does not say.
 *
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** @param {string} text words for screen readers only */
export const hidden = (text) => make('span', { class: 'hidden' }, text);
