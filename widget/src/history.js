import { readHistory } from './contract.js';
import { pause } from './pauses.js';
import { request } from './request.js';

/**
 * What the server has of this chat: all of it after a reload, or what another tab said since.
 *
 * @typedef {{
 *   messages: (messages: import('./contract.js').PastMessage[]) => void,
 *   loading: (isLoading: boolean) => void,
 * }} HistoryListener
 */
export class History {
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

  /** Another conversation begins: its messages are counted from 1 again. */
  reset() {
    this.#last = 0;
    this.stop();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#failures = 0;
  }

  /**
   * Get what is new. One request at a time; asked for meanwhile, it is done once more.
   *
   * @param {boolean} [save] whether the renewed token is saved for other tabs
   */
  async load(save = true) {
    clearTimeout(this.#timer);
    if (!this.session.token) return this.listener.loading(false);
    this.#isWantedAgain = this.#isRunning;
    if (this.#isRunning) return;
    this.#isRunning = true;
    if (!this.#last) this.listener.loading(true);
    const { chat, token } = this.session;
    const outcome = await request(`${this.server}/web/history?after=${this.#last}`, { token });
    this.#isRunning = false;
    if (chat === this.session.chat) this.#settle(outcome, save);
    if (this.#isWantedAgain || chat !== this.session.chat) void this.load(save);
  }

  /** @param {import('./request.js').Outcome} outcome @param {boolean} save */
  #settle(outcome, save) {
    if (outcome.kind === 'failed') return this.#retry(pause(++this.#failures), save);
    if (outcome.kind === 'wait') return this.#retry(outcome.seconds * 1000, save);
    this.#failures = 0;
    if (outcome.kind === 'expired') this.session.expire();
    if (outcome.kind === 'ok') this.#take(outcome.body, save);
    this.listener.loading(false);
  }

  /** @param {Record<string, any>} body @param {boolean} save */
  #take(body, save) {
    this.session.renew(body, save);
    const messages = readHistory(body.messages).filter((message) => message.n > this.#last);
    this.#last = Math.max(this.#last, ...messages.map((message) => message.n));
    this.listener.messages(messages);
  }

  /** @param {number} milliseconds @param {boolean} save */
  #retry(milliseconds, save) {
    this.#timer = setTimeout(() => void this.load(save), milliseconds);
  }
}
