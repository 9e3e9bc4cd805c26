import { readSettings } from './contract.js';
import { pause } from './pauses.js';
import { request } from './request.js';
import { parsed, tabStore } from './storage.js';

const LONGEST_PAUSE_MS = 60_000;

/** @param {string} server */
const storeKey = (server) => `baclofen-chat:${server}:settings`;

/**
 * The clinic's settings as an earlier page of this tab got them: with them the chat starts without a wait, also when the
 * server cannot be reached. They hold no word of a person.
 *
 * @param {string} server
 */
export const keptSettings = (server) => readSettings(parsed(tabStore.get(storeKey(server))));

/** @param {string} server */
export const forgetSettings = (server) => tabStore.remove(storeKey(server));

/**
 * @param {string} server
 * @returns {Promise<import('./contract.js').Settings | null>} null where they could not be had
 */
export async function fetchSettings(server) {
  const outcome = await request(`${server}/web/settings`);
  if (outcome.kind !== 'ok') return null;
  const settings = readSettings(outcome.body);
  if (settings) tabStore.set(storeKey(server), JSON.stringify(outcome.body));
  return settings;
}

/**
 * Ask until there is an answer, with growing pauses; at once when the network is back.
 *
 * @param {string} server
 * @param {AbortSignal} signal ends the asking
 * @returns {Promise<import('./contract.js').Settings | null>} null where it was ended
 */
export async function awaitSettings(server, signal) {
  for (let failures = 1; !signal.aborted; failures += 1) {
    const settings = await fetchSettings(server);
    if (settings || signal.aborted) return settings;
    await rest(pause(failures, LONGEST_PAUSE_MS), signal);
  }
  return null;
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function rest(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
