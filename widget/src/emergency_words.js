import { PHRASES } from './red_flags.js';

/**
 * The words that may mean an emergency, for the time when the server cannot be asked. It is much cruder than the server's
 * own judgement, and on purpose: it knows no denial ("no fever" counts), because doubt must end with the emergency number.
 */

/** The payload of the button "Yes". */
export const AFFIRM = '/affirm';
const YES = ['yes', 'yeah', 'yep', 'yup', 'y', 'si'];

/**
 * Small letters without accents, no apostrophes, one space between words and at both ends, so that a phrase is found as
 * whole words.
 *
 * @param {string} text
 */
function plain(text) {
  const letters = text.replace(/['’‘ʼ`´＇]/g, '').normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return ` ${letters.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
}

/** @type {string[] | undefined} */
let plainPhrases;

/**
 * @param {string} text one message as typed
 * @returns {boolean}
 */
export function hasEmergencyWords(text) {
  plainPhrases ??= PHRASES.map(plain).filter((phrase) => phrase.trim());
  const message = plain(text);
  return plainPhrases.some((phrase) => message.includes(phrase));
}

/**
 * @param {string} text one message as typed, or a button's payload
 * @returns {boolean}
 */
export const isYes = (text) => text === AFFIRM || YES.includes(plain(text).trim());
