import { PHRASES } from './red_flags.js';

/**
 * The words that may mean an emergency, for the time when the server cannot be asked. It is much cruder than the server's
 * own judgement, and on purpose: it knows no denial ("no fever" counts), because doubt must end with the emergency number.
 */

/**
 * Small letters, no apostrophes, one space between words and at both ends, so that a phrase is found as whole words.
 *
 * @param {string} text
 */
function plain(text) {
  const letters = text.normalize('NFKC').toLowerCase().replace(/['’‘ʼ`´]/g, '');
  return ` ${letters.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim()} `;
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
