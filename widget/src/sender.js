import { request } from './request.js';

/**
 * Sends one message, in a session that is begun where there is none.
 *
 * @typedef {import('./request.js').Outcome} Outcome
 * @typedef {{token: string | null, chat: string}} Used what a message was sent with: when its answer comes, the session may be
 *   another one
 */
export class Sender {
  /** @type {AbortController | undefined} of the newest request */
  #abort;

  /**
   * @param {string} server
   * @param {import('./session.js').Session} session
   * @param {() => void} newChat called where a chat has ended and another one was begun
   */
  constructor(server, session, newChat) {
    this.server = server;
    this.session = session;
    this.newChat = newChat;
  }

  /**
   * @param {{id: string, text: string}} message
   * @param {() => boolean} isWanted false once the person has cleared the chat
   * @returns {Promise<{outcome: Outcome, used: Used}>}
   */
  async send({ id, text }, isWanted) {
    const obstacle = this.session.token ? null : await this.#begin(isWanted);
    const { token, chat } = this.session;
    const outcome = obstacle ?? (await this.#post('/web/messages', { token, body: { id, text } }));
    return { outcome, used: { token, chat } };
  }

  /** The request that is on its way ends without an answer. */
  abort() {
    this.#abort?.abort();
  }

  /**
   * @param {() => boolean} isWanted
   * @returns {Promise<Outcome | null>} null once there is a session, else why there is none
   */
  async #begin(isWanted) {
    const earlier = this.session.chat;
    const outcome = await this.#post('/web/session', { body: {} });
    if (!isWanted()) return { kind: 'unreached' };
    // Another tab was faster.
    if (this.session.token) return null;
    if (outcome.kind === 'wait') return outcome;
    // Without a session none of the messages can be sent: all of them wait.
    if (outcome.kind !== 'ok' || typeof outcome.body.token !== 'string') return { kind: 'unreached' };
    this.session.begin(outcome.body);
    if (earlier) this.newChat();
    return null;
  }

  /** @param {string} path @param {import('./request.js').Given} given */
  #post(path, given) {
    this.#abort = new AbortController();
    return request(`${this.server}${path}`, { ...given, abort: this.#abort });
  }
}
