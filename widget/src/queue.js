import { pause } from './pauses.js';
import { Sender } from './sender.js';

/**
 * The messages on their way to the server: in order, one request at a time, each with the same id until it is answered, so
 * that the server counts it once however often it is sent. They are held in memory only.
 *
 * @typedef {{id: string, text: string, notBefore: number, failures: number}} Item `notBefore` is on the clock of
 *   `performance.now()`; `failures`: how often in a row the server answered that it cannot digest this message
 * @typedef {import('./sender.js').Used} Used
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
  #sender;
  #isStopped = false;
  /** An attempt that nobody asked for changes nothing on screen: "Not sent" would flicker, and its button with it. */
  #isQuiet = false;

  /**
   * @param {string} server
   * @param {import('./session.js').Session} session
   * @param {QueueListener} listener
   */
  constructor(server, session, listener) {
    this.session = session;
    this.listener = listener;
    this.#sender = new Sender(server, session, listener.newChat);
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
    this.#items.push({ id, text, notBefore: 0, failures: 0 });
    this.listener.length(this.#items.length);
    this.#resume();
  }

  /** Try all now: the person tapped, or the connection is back. Only the server's own limit is kept to. */
  wake() {
    for (const item of this.#items) if (item.failures) item.notBefore = 0;
    this.#resume();
  }

  #resume() {
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

  /** Forget all. An answer that is still on its way is for nobody, and the next message must not wait for it. */
  clear() {
    this.#items = [];
    this.#failures = 0;
    this.stop();
    this.#sender.abort();
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
      if (!this.#isQuiet && !item.failures) this.listener.state(item.id, 'sending');
      await this.#attempt(item);
    }
    this.#isRunning = false;
    this.#sleep();
  }

  /** The first message that may be sent now. Newer ones pass one that waits by itself: see `#postpone`. */
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

  /** @param {Item} item */
  async #attempt(item) {
    const { outcome, used } = await this.#sender.send(item, () => this.has(item.id));
    if (this.has(item.id)) this.#settle(item, outcome, used);
  }

  /** @param {Item} item @param {import('./request.js').Outcome} outcome @param {Used} used */
  #settle(item, outcome, used) {
    if (outcome.kind === 'ok') this.#done(item, outcome.body, used);
    else if (outcome.kind === 'expired') this.#expired(used);
    else if (outcome.kind === 'wait') this.#wait(item, outcome);
    else if (outcome.kind === 'refused') this.#refused(item, outcome.error);
    else if (outcome.kind === 'failed') this.#failed(item);
    else this.#unreached();
  }

  /** @param {Item} item @param {Record<string, any>} body @param {Used} used */
  #done(item, body, { chat }) {
    if (!Array.isArray(body.replies)) return this.#failed(item);
    this.#answered();
    this.remove(item.id);
    this.session.renew(body, chat);
    this.listener.state(item.id, 'sent');
    this.listener.answer(item.id, body);
  }

  #answered() {
    this.#failures = 0;
    this.#expiries = 0;
    this.#isQuiet = false;
    this.listener.reached(true);
  }

  /** @param {Used} used */
  #expired({ token }) {
    if (!this.session.expire(token)) return;
    this.#expiries += 1;
    // A server that refuses each new token would be asked for ever without a pause.
    if (this.#expiries > 1) this.#unreached();
  }

  /** @param {Item} item @param {import('./request.js').Wait} outcome */
  #wait(item, { seconds, error }) {
    this.#answered();
    item.failures = 0;
    this.#postpone(item, seconds * 1000);
    this.listener.state(item.id, 'waiting', error);
  }

  /**
   * The server answered, but this message it cannot digest.
   *
   * @param {Item} item
   */
  #failed(item) {
    item.failures += 1;
    this.#postpone(item, pause(item.failures));
    this.listener.state(item.id, 'unsent');
    // Told once: the news would come and go with each attempt while newer messages are answered.
    if (item.failures === 1) this.listener.reached(false);
  }

  /**
   * A message that waits does not hold up newer ones: over the limit the server still answers an emergency, and what it
   * cannot digest may be this one message. So each is tried once, and only then waits as long as those before it.
   *
   * @param {Item} item
   * @param {number} milliseconds
   */
  #postpone(item, milliseconds) {
    const before = this.#items.slice(0, this.#items.indexOf(item)).map((earlier) => earlier.notBefore);
    item.notBefore = Math.max(performance.now() + milliseconds, ...before);
  }

  /** @param {Item} item @param {string} error */
  #refused(item, error) {
    this.#answered();
    this.remove(item.id);
    this.listener.state(item.id, 'refused', error);
  }

  /** No message gets through: all wait, in their order. */
  #unreached() {
    this.#failures += 1;
    this.#isQuiet = true;
    this.#resumeAt = performance.now() + pause(this.#failures);
    for (const item of this.#items) this.listener.state(item.id, 'unsent');
    this.listener.reached(false);
  }
}
