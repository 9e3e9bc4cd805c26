import { make } from './dom.js';

/** @typedef {import('./contract.js').PhoneNumber} PhoneNumber */

/**
 * A plain text as paragraphs and lists: a blank line ends a paragraph, lines that start with "- " are a list.
 *
 * @param {string} text
 * @param {PhoneNumber[]} numbers what may become a telephone link
 * @returns {HTMLElement[]}
 */
export function blocks(text, numbers) {
  return text
    .split(/\n\s*\n/)
    .flatMap(groups)
    .map((lines) => (isItem(lines[0]) ? list(lines, numbers) : paragraph(lines, numbers)));
}

/** @param {string} line */
const isItem = (line) => line.startsWith('- ');

/**
 * @param {string} block
 * @returns {string[][]} lines of a list and lines of words, apart
 */
function groups(block) {
  /** @type {string[][]} */
  const found = [];
  for (const line of block.split('\n').map((raw) => raw.trim())) {
    const current = found[found.length - 1];
    if (current && isItem(current[0]) === isItem(line)) current.push(line);
    else if (line) found.push([line]);
  }
  return found;
}

/** @param {string[]} lines @param {PhoneNumber[]} numbers */
const list = (lines, numbers) => make('ul', { dir: 'auto' }, ...lines.map((line) => make('li', {}, ...linked(line.slice(2), numbers))));

/** @param {string[]} lines @param {PhoneNumber[]} numbers */
const paragraph = (lines, numbers) => make('p', { dir: 'auto' }, ...linked(lines.join('\n'), numbers));

/**
 * The text with the clinic's own numbers as telephone links. Nothing else becomes a link: a text could be quoted from
 * anywhere, and a wrong number dialled in an emergency costs time.
 *
 * @param {string} text
 * @param {PhoneNumber[]} numbers
 * @returns {(string | HTMLElement)[]}
 */
export function linked(text, numbers) {
  const longestFirst = [...numbers].sort((one, other) => other.text.length - one.text.length);
  const parts = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const number = longestFirst.find((candidate) => standsAt(text, at, candidate.text));
    if (!number) continue;
    parts.push(text.slice(start, at), make('a', { href: number.href }, number.text));
    start = at + number.text.length;
    at = start - 1;
  }
  return [...parts, text.slice(start)].filter(Boolean);
}

/**
 * @param {string} text
 * @param {number} at
 * @param {string} number
 * @returns {boolean} false inside a longer number: the "988" of "1-800-988-1234" is another one
 */
function standsAt(text, at, number) {
  if (!text.startsWith(number, at)) return false;
  const before = text.slice(0, at);
  const after = text.slice(at + number.length);
  return !/[\p{L}\p{N}+]$|\d[-. ]$/u.test(before) && !/^[\p{L}\p{N}]|^[-.]\d/u.test(after);
}
