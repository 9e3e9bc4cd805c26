import { hidden, icon, make } from './dom.js';
import { replyView } from './message_view.js';
import { STRINGS } from './strings.js';
import { TurnView } from './turn_view.js';

/** The nearer the end, the surer that the person reads the newest message and wants to see the next one. */
const NEAR_END_PX = 80;

/** The conversation on screen. */
export class LogView {
  /** @type {Map<string, TurnView>} */
  #turns = new Map();
  #greeting = make('div', { class: 'turn' });
  #past = make('div', { class: 'line', hidden: true }, STRINGS.loading);
  #typing = make('div', { class: 'typing', hidden: true }, hidden(STRINGS.typing), make('i'), make('i'), make('i'));
  #list = make('div', { class: 'turns' });

  /** @param {import('./turn_view.js').TurnContext} context */
  constructor(context) {
    this.context = context;
    // The log itself is not live: a screen reader would read sources, times and an old conversation aloud. See announcer.js.
    const attributes = { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': STRINGS.conversation, tabindex: 0 };
    this.element = make('div', attributes, this.#intro(), this.#past, this.#greeting, this.#list, this.#typing);
  }

  #intro() {
    const { privacy, clinic } = this.context.settings;
    const intro = make('div', { class: 'intro' });
    if (privacy) intro.append(make('p', {}, icon('lock'), make('span', { dir: 'auto' }, privacy)));
    if (clinic.hours) intro.append(make('p', { class: 'hours', dir: 'auto' }, `${clinic.name}: ${clinic.hours}`));
    return intro;
  }

  /** The bot's first words, where nothing was said yet. */
  greet() {
    const { settings, ask } = this.context;
    if (!this.#greeting.firstChild) this.#greeting.append(replyView(settings.greeting, settings, ask));
  }

  /** @param {boolean} isLoading */
  loading(isLoading) {
    this.#past.hidden = !isLoading;
  }

  /**
   * @param {string} id
   * @param {string} text
   * @param {string} [after] the id of the message it comes after; without it, it is the newest; '' puts it first
   */
  add(id, text, after) {
    const turn = new TurnView(text, this.context);
    const earlier = after && this.#turns.get(after);
    const next = earlier ? earlier.element.nextSibling : this.#list.firstChild;
    this.#list.insertBefore(turn.element, after === undefined ? null : next);
    this.#turns.set(id, turn);
    return turn;
  }

  /** @param {string} newest all but this one are no longer the newest message */
  outdate(newest) {
    for (const [id, turn] of this.#turns) if (id !== newest) turn.outdate();
  }

  /** @param {boolean} isTyping */
  typing(isTyping) {
    const isAtEnd = this.isAtEnd();
    this.#typing.hidden = !isTyping;
    if (isTyping && isAtEnd) this.scrollToEnd();
  }

  /** @param {string} id */
  remove(id) {
    this.#turns.get(id)?.element.remove();
    this.#turns.delete(id);
  }

  clear() {
    this.#turns.clear();
    this.#list.replaceChildren();
    this.typing(false);
  }

  /** In a low window the whole panel scrolls, else the log. */
  #scroller() {
    const panel = this.element.closest('.panel');
    return panel?.hasAttribute('data-low') ? panel : this.element;
  }

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller();
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  scrollToEnd() {
    const scroller = this.#scroller();
    scroller.scrollTop = scroller.scrollHeight;
  }

  scrollToNewest() {
    const newest = [...this.#turns.values()].find((turn) => turn.element === this.#list.lastChild);
    if (newest) this.scrollToAnswer(newest);
  }

  /**
   * Show the message with its answer, or, where there is no room for both, the answer from its beginning: a long one would
   * else start out of sight.
   *
   * @param {TurnView} turn
   */
  scrollToAnswer({ element }) {
    const scroller = this.#scroller();
    const covered = scroller === this.element ? 0 : (scroller.querySelector('.numbers-big')?.clientHeight ?? 0);
    const fits = element.offsetHeight < scroller.clientHeight - covered;
    const first = (!fits && element.querySelector('.bot')) || element;
    const top = first.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += top - covered - 12;
  }
}
