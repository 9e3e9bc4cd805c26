import { pause } from './pauses.js';
import { request } from './request.js';

/**
 * The messages on their way to the server: in order, one request at a time, each with the same id until it is answered, so
 * that the server counts it once however often it is sent. They are held in memory only.
 *
 * @typedef {{id: string, text: string, notBefore: number}} Item `notBefore` is on the clock of `performance.now()`
 * @typedef {'sending' | 'sent' | 'unsent' | 'waiting' | 'refused'} State
 * @typedef {{
 *   state: (id: string, state: State, reason?: string) => void,
 *   answer: (id: string, body: Record<string, any>) => void,
 *   reached: (isReached: boolean) => void,
 *   newChat: () => void,
 *   length: (length: number) => void,
 * }} QueueListener
 */
export class Queue {
  /** @type {Item[]} */
  #items = [];
  #isRunning = false;
  #failures = 0;
  #expiries = 0;
  #resumeAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isStopped = false;
  /** An attempt that nobody asked for changes nothing on screen: "Not sent" would flicker, and its button with it. */
  #isQuiet = false;

  /**
   * @param {string} server
   * @param {import('./session.js').Session} session
   * @param {QueueListener} listener
   */
  constructor(server, session, listener) {
    this.server = server;
    this.session = session;
    this.listener = listener;
  }

  get length() {
    return this.#items.length;
  }

  /** @param {string} id */
  has(id) {
    return this.#items.some((item) => item.id === id);
  }

  /** @param {string} id @param {string} text */
  add(id, text) {
    this.#items.push({ id, text, notBefore: 0 });
    this.listener.length(this.#items.length);
    this.wake();
  }

  /** Try now: the person tapped, or the connection is back. */
  wake() {
    this.#isStopped = false;
    this.#isQuiet = false;
    this.#resumeAt = 0;
    const now = performance.now();
    for (const item of this.#items) if (item.notBefore <= now) this.listener.state(item.id, 'sending');
    void this.#run();
  }

  /** No further attempt until `wake`. */
  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Forget all; an answer that is still on its way is for nobody. */
  clear() {
    this.#items = [];
    this.#failures = 0;
    this.stop();
    this.listener.length(0);
  }

  /** @param {string} id */
  remove(id) {
    this.#items = this.#items.filter((item) => item.id !== id);
    this.listener.length(this.#items.length);
  }

  async #run() {
    clearTimeout(this.#timer);
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let item = this.#due(); item; item = this.#due()) {
      if (!this.#isQuiet) this.listener.state(item.id, 'sending');
      const outcome = await this.#attempt(item);
      if (this.has(item.id)) this.#settle(item, outcome);
    }
    this.#isRunning = false;
    this.#sleep();
  }

  /** The first message that may be sent now. Newer ones pass one that waits for the limit: see `#wait`. */
  #due() {
    const now = performance.now();
    if (this.#isStopped || now < this.#resumeAt) return undefined;
    return this.#items.find((item) => item.notBefore <= now);
  }

  #sleep() {
    if (this.#isStopped || !this.#items.length) return;
    const next = Math.max(this.#resumeAt, Math.min(...this.#items.map((item) => item.notBefore)));
    this.#timer = setTimeout(() => void this.#run(), Math.max(next - performance.now(), 0) + 5);
  }

  /**
   * @param {Item} item
   * @returns {Promise<import('./request.js').Outcome>}
   */
  async #attempt({ id, text }) {
    const started = this.session.token ? null : await this.#begin();
    if (started && started.kind !== 'ok') return started;
    if (!this.has(id)) return { kind: 'failed' };
    return request(`${this.server}/web/messages`, { token: this.session.token, body: { id, text } });
  }

  /** @returns {Promise<import('./request.js').Outcome>} */
  async #begin() {
    const earlier = this.session.chat;
    const outcome = await request(`${this.server}/web/session`, { body: {} });
    if (outcome.kind === 'wait') return outcome;
    if (outcome.kind !== 'ok' || typeof outcome.body.token !== 'string') return { kind: 'failed' };
    // Another tab, or a cleared chat, may have been faster.
    if (this.session.chat !== earlier || !this.#items.length) return this.session.token ? outcome : { kind: 'failed' };
    this.session.begin(outcome.body);
    if (earlier) this.listener.newChat();
    return outcome;
  }

  /** @param {Item} item @param {import('./request.js').Outcome} outcome */
  #settle(item, outcome) {
    if (outcome.kind === 'ok') this.#done(item, outcome.body);
    else if (outcome.kind === 'expired') this.#expired();
    else if (outcome.kind === 'wait') this.#wait(item, outcome);
    else if (outcome.kind === 'refused') this.#refused(item, outcome.error);
    else this.#failed();
  }

  /** @param {Item} item @param {Record<string, any>} body */
  #done(item, body) {
    if (!Array.isArray(body.replies)) return this.#failed();
    this.#answered();
    this.remove(item.id);
    this.session.renew(body);
    this.listener.state(item.id, 'sent');
    this.listener.answer(item.id, body);
  }

  #answered() {
    this.#failures = 0;
    this.#expiries = 0;
    this.#isQuiet = false;
    this.listener.reached(true);
  }

  #expired() {
    this.session.expire();
    this.#expiries += 1;
    // A server that refuses each new token would be asked for ever without a pause.
    if (this.#expiries > 1) this.#failed();
  }

  /**
   * Over the limit the server still answers an emergency. So a message that waits does not hold up newer ones: each is
   * tried once, and only then waits as long as those before it.
   *
   * @param {Item} item
   * @param {import('./request.js').Wait} outcome
   */
  #wait(item, { seconds, error }) {
    this.#answered();
    const before = this.#items.slice(0, this.#items.indexOf(item)).map((earlier) => earlier.notBefore);
    item.notBefore = Math.max(performance.now() + seconds * 1000, ...before);
    this.listener.state(item.id, 'waiting', error);
  }

  /** @param {Item} item @param {string} error */
  #refused(item, error) {
    this.#answered();
    this.remove(item.id);
    this.listener.state(item.id, 'refused', error);
  }

  #failed() {
    this.#failures += 1;
    this.#isQuiet = true;
    this.#resumeAt = performance.now() + pause(this.#failures);
    for (const item of this.#items) this.listener.state(item.id, 'unsent');
    this.listener.reached(false);
  }
}
