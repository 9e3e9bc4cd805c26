import { numbersOf } from './contract.js';
import { icon, make } from './dom.js';
import { STRINGS } from './strings.js';

/**
 * @typedef {import('./contract.js').Settings} Settings
 * @typedef {import('./contract.js').PhoneNumber} PhoneNumber
 */

const BIG = ['emergency', 'crisis'];
/** Others, such as a poison line, become links where a text names them; here they would take room from the conversation. */
const SMALL = ['clinic', 'out_of_hours'];

/** @param {string} kind */
const nameOf = (kind) => /** @type {Record<string, string>} */ (STRINGS)[kind] ?? '';

/**
 * The bar that is always in sight: it needs no server, no network and no question answered.
 *
 * @param {Settings} settings
 */
export function numbersBar(settings) {
  const big = settings.numbers.filter(({ kind }) => BIG.includes(kind));
  const small = settings.numbers.filter(({ kind }) => SMALL.includes(kind));
  const bar = make('div', { class: 'numbers', role: 'group', 'aria-label': STRINGS.numbersLabel });
  if (big.length) bar.append(make('div', { class: 'numbers-big' }, ...big.map(bigNumber)));
  if (small.length) bar.append(make('div', { class: 'numbers-small' }, ...small.map(smallNumber)));
  return bar;
}

/** @param {PhoneNumber} number */
function bigNumber({ kind, text, href }) {
  const attributes = { class: `number number-${kind}`, href };
  return make('a', attributes, icon('phone'), make('span', {}, `${nameOf(kind)} `, make('b', {}, text)));
}

/** @param {PhoneNumber} number */
function smallNumber({ kind, text, href }) {
  return make('a', { href }, `${nameOf(kind)} `, make('b', {}, text));
}

/**
 * The buttons of an emergency card.
 *
 * @param {Settings} settings
 * @param {boolean} withCrisis the crisis line too
 */
export function callButtons(settings, withCrisis) {
  const kinds = withCrisis ? BIG : ['emergency'];
  const numbers = kinds.flatMap((kind) => numbersOf(settings, kind));
  return numbers.map(({ text, href }) => make('a', { class: 'call', href }, icon('phone'), `${STRINGS.call} ${text}`));
}
