import { AFFIRM } from './emergency_words.js';

/**
 * One message of the person with its answers.
 *
 * @typedef {{
 *   id: string, text: string, at: string, state: import('./queue.js').State, replies: import('./contract.js').Reply[],
 *   isAnswered: boolean, isOfThisPage: boolean, isOwnWords: boolean, isUrgent: boolean, hasLocalCard: boolean,
 *   announced: number, view: import('./turn_view.js').TurnView,
 * }} Turn `isAnswered`: the server's whole answer is here, not only what the history held so far;
 *   `isOfThisPage`: it was said on this page, it is no message of the past; `isOwnWords`: typed there, no button's title;
 *   `isUrgent`: it may mean an emergency, as far as can be told without the server; `announced`: how many of the replies
 */

/**
 * @param {string} id
 * @param {string} text
 * @param {string} at
 * @param {Turn['view']} view
 * @returns {Turn} of which nothing else is known yet
 */
export function newTurn(id, text, at, view) {
  const flags = { isAnswered: false, isOfThisPage: false, isOwnWords: false, isUrgent: false, hasLocalCard: false };
  return { id, text, at, view, state: 'sending', replies: [], announced: 0, ...flags };
}

/** Nothing is sent for it any more. @param {Turn} turn */
export const isSettled = ({ state }) => state === 'sent' || state === 'refused';

/**
 * Whether the bot's newest words are its closed question after a message that only sounds urgent.
 *
 * @param {Turn[]} turns
 */
export function isAskedWhetherNow(turns) {
  const newest = turns.flatMap((turn) => turn.replies).pop();
  return newest?.level === 'advisory' && newest.buttons.some((button) => button.payload === AFFIRM);
}
