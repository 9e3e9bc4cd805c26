import { hidden, make } from './dom.js';
import { outdateButtons, replyView } from './message_view.js';
import { STRINGS } from './strings.js';
import { time } from './times.js';

/**
 * @typedef {import('./contract.js').Settings} Settings
 * @typedef {import('./contract.js').Reply} Reply
 * @typedef {import('./queue.js').State} State
 * @typedef {{settings: Settings, ask: (question: import('./contract.js').NextQuestion) => void, retry: () => void}} TurnContext
 */

/** One message of the person and what was answered to it. */
export class TurnView {
  #state = make('span', { class: 'state' });
  #retry;
  #time = make('span');
  #answers = make('div', { class: 'answers' });
  #localCard = make('div');

  /**
   * @param {string} text the person's words; '' where the bot spoke first
   * @param {TurnContext} context
   */
  constructor(text, context) {
    this.context = context;
    this.#retry = make('button', { type: 'button', class: 'retry', hidden: true, click: context.retry }, STRINGS.unsent);
    this.element = make('div', { class: 'turn' });
    if (text) this.element.append(this.#said(text));
    this.element.append(this.#localCard, this.#answers);
  }

  /** @param {string} text */
  #said(text) {
    const message = make('div', { class: 'message person' }, hidden(STRINGS.you), make('p', { dir: 'auto' }, text));
    return make('div', { class: 'said' }, message, make('div', { class: 'meta' }, this.#state, this.#retry, this.#time));
  }

  /** @param {State} state @param {string} [reason] */
  state(state, reason = '') {
    const isUnsent = state === 'unsent';
    this.#state.textContent = isUnsent ? '' : `${reason} ${STRINGS[state]}`.trim();
    this.#state.className = `state state-${state}`;
    this.#retry.hidden = !isUnsent;
  }

  /** @param {string} at when the server got it, or else when it was typed; ISO */
  at(at) {
    this.#time.replaceChildren(time(at));
  }

  /** @param {Reply | null} reply the emergency guidance that is shown before the server answered */
  localCard(reply) {
    this.#localCard.replaceChildren(...(reply ? [this.#reply(reply)] : []));
  }

  /**
   * All that was answered so far: it takes the place of what stood there, so the same answer twice is on screen once.
   *
   * @param {Reply[]} replies
   * @param {string} at
   */
  answers(replies, at) {
    const meta = replies.length ? [make('div', { class: 'meta' }, time(at))] : [];
    this.#answers.replaceChildren(...replies.map((reply) => this.#reply(reply)), ...meta);
  }

  /** @param {Reply} reply */
  #reply(reply) {
    return replyView(reply, this.context.settings, this.context.ask);
  }

  /** A newer message was said. */
  outdate() {
    outdateButtons(this.#answers);
  }
}
