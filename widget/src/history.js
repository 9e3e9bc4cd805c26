import { readHistory } from './contract.js';
import { pause } from './pauses.js';
import { request } from './request.js';

/** How often the clinic's staff are asked for, while they have the conversation. */
const STAFF_MS = 5000;

/**
 * What the server has of this chat: all of it after a reload, or what another tab said since.
 *
 * @typedef {{
 *   messages: (messages: import('./contract.js').PastMessage[]) => void,
 *   deleted: () => void,
 *   loading: (isLoading: boolean) => void,
 * }} HistoryListener
 */
export class History {
  /** The highest number known; the numbers grow, with gaps. */
  #last = 0;
  #failures = 0;
  #isRunning = false;
  #isWantedAgain = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {string} server
   * @param {import('./session.js').Session} session
   * @param {HistoryListener} listener
   */
  constructor(server, session, listener) {
    this.server = server;
    this.session = session;
    this.listener = listener;
  }

  /** Another conversation begins: its messages are numbered by themselves. */
  reset() {
    this.#last = 0;
    this.stop();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#failures = 0;
  }

  /** Get what is new. One request at a time; asked for meanwhile, it is done once more. */
  async load() {
    clearTimeout(this.#timer);
    if (!this.session.token) return this.listener.loading(false);
    this.#isWantedAgain = this.#isRunning;
    if (this.#isRunning) return;
    this.#isRunning = true;
    if (!this.#last) this.listener.loading(true);
    const { chat, token } = this.session;
    const outcome = await request(`${this.server}/web/history?after=${this.#last}`, { token });
    this.#isRunning = false;
    if (chat === this.session.chat) this.#settle(outcome, token, chat);
    if (this.#isWantedAgain || chat !== this.session.chat) void this.load();
  }

  /**
   * @param {import('./request.js').Outcome} outcome
   * @param {string | null} token the one that was asked with
   * @param {string} chat the one that was asked for
   */
  #settle(outcome, token, chat) {
    if (outcome.kind === 'failed' || outcome.kind === 'unreached') return this.#retry(pause(++this.#failures));
    if (outcome.kind === 'wait') return this.#retry(outcome.seconds * 1000);
    this.#failures = 0;
    if (outcome.kind === 'expired') this.session.expire(token);
    if (outcome.kind === 'ok') this.#take(outcome.body, chat);
    this.listener.loading(false);
  }

  /** @param {Record<string, any>} body @param {string} chat */
  #take(body, chat) {
    this.session.renew(body, chat);
    if (body.is_handed_off === true) this.#retry(STAFF_MS);
    if (typeof body.last === 'number' && body.last < this.#last) this.#restart();
    const messages = readHistory(body.messages).filter((message) => message.n > this.#last);
    this.#last = Math.max(this.#last, ...messages.map((message) => message.n));
    this.listener.messages(messages);
  }

  /** The conversation was deleted: its numbers begin again, and what came since was not all asked for. */
  #restart() {
    this.#last = 0;
    this.#isWantedAgain = true;
    this.listener.deleted();
  }

  /** @param {number} milliseconds */
  #retry(milliseconds) {
    this.#timer = setTimeout(() => void this.load(), milliseconds);
  }
}
