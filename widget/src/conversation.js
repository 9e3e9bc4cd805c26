import { readReplies } from './contract.js';
import { hasEmergencyWords } from './emergency_words.js';
import { newId } from './ids.js';
import { STRINGS } from './strings.js';

/** The server answers an emergency within a second; after this long the network is to blame. */
const PATIENCE_MS = 4000;

/**
 * What was said, and what is shown of it. A message and its answers share one id, and what the server says for an id takes
 * the place of what was shown for it: so everything is on screen exactly once, whichever way and however often it comes.
 *
 * @typedef {import('./contract.js').Reply} Reply
 * @typedef {{
 *   id: string, text: string, at: string, state: import('./queue.js').State, replies: Reply[], isAnswered: boolean,
 *   isOwnWords: boolean, hasLocalCard: boolean, view: import('./turn_view.js').TurnView,
 * }} Turn `isAnswered`: the server's whole answer is here, not only what the history held so far;
 *   `isOwnWords`: it was typed on this page, it is no button's title and no message of the past
 */
export class Conversation {
  /** @type {Turn[]} */
  turns = [];
  /** The message after which older ones from the history belong. */
  #lastFromServer = '';
  #isOnline = true;
  /** Whether messages wait because there were too many of them. */
  #isLimited = false;

  /**
   * @param {import('./contract.js').Settings} settings
   * @param {import('./view.js').View} view
   * @param {(id: string, text: string) => void} send
   */
  constructor(settings, view, send) {
    this.settings = settings;
    this.view = view;
    this.send = send;
  }

  /** @param {string} text what is sent @param {string} [shown] what is shown of it: a button's title */
  say(text, shown = text) {
    const turn = this.#turn(newId(), shown, new Date().toISOString());
    turn.isOwnWords = text === shown;
    this.view.log.outdate(turn.id);
    this.view.log.scrollToEnd();
    this.send(turn.id, text);
    if (!this.#isOnline) this.#helpWithoutServer(turn);
    setTimeout(() => this.#helpWithoutServer(turn), PATIENCE_MS);
  }

  /**
   * @param {string} id
   * @param {string} text
   * @param {string} at
   * @param {string} [after] the id of the message it comes after, where it is not the newest
   * @returns {Turn}
   */
  #turn(id, text, at, after) {
    const view = this.view.log.add(id, text, after);
    view.at(at);
    /** @type {Turn} */
    const turn = { id, text, at, view, state: 'sending', replies: [], isAnswered: false, isOwnWords: false, hasLocalCard: false };
    const place = after === undefined ? this.turns.length : this.turns.findIndex((earlier) => earlier.id === after) + 1;
    this.turns.splice(place, 0, turn);
    return turn;
  }

  /** @param {string} id */
  #find(id) {
    return this.turns.find((turn) => turn.id === id);
  }

  /** @param {string} id @param {import('./queue.js').State} state @param {string} [reason] */
  state(id, state, reason) {
    const turn = this.#find(id);
    if (!turn) return;
    turn.state = state;
    turn.view.state(state, state === 'refused' ? reason : '');
    this.#showTyping();
    this.#showLimit(state === 'waiting' ? reason : '');
    if (state === 'unsent' || state === 'refused') this.#helpWithoutServer(turn);
    if (state === 'refused') this.#refused(turn, reason);
  }

  /** The server's sentence stands once, however many messages wait. @param {string} [sentence] */
  #showLimit(sentence) {
    if (sentence) this.view.notice(sentence);
    else if (this.#isLimited && !this.turns.some((turn) => turn.state === 'waiting')) this.view.notice('');
    this.#isLimited = this.turns.some((turn) => turn.state === 'waiting');
  }

  /** @param {Turn} turn @param {string} [reason] */
  #refused(turn, reason = '') {
    this.view.announcer.say(`${reason} ${STRINGS.refused}`);
    if (turn.isOwnWords) this.view.composer.giveBack(turn.text);
  }

  #showTyping() {
    this.view.log.typing(this.#isOnline && this.turns.some((turn) => turn.state === 'sending'));
  }

  /** @param {boolean} isOnline whether the server is in reach; without it every message that waits is looked at here */
  online(isOnline) {
    this.#isOnline = isOnline;
    this.#showTyping();
    if (!isOnline) for (const turn of this.turns) this.#helpWithoutServer(turn);
  }

  /** @param {Turn} turn */
  #helpWithoutServer(turn) {
    const isWaiting = this.turns.includes(turn) && turn.isOwnWords && !turn.replies.length;
    if (!isWaiting || turn.hasLocalCard || !hasEmergencyWords(turn.text)) return;
    turn.hasLocalCard = true;
    turn.view.localCard(this.settings.emergency);
    this.#announce([this.settings.emergency]);
    this.view.log.scrollToAnswer(turn.view);
  }

  /** @param {string} id @param {Record<string, any>} body the server's answer to a message */
  answer(id, body) {
    const turn = this.#find(id);
    if (!turn || turn.isAnswered) return;
    const replies = readReplies(body.replies);
    const earlier = turn.replies.length;
    const isFollowed = this.view.log.isAtEnd() || replies.some((reply) => reply.level === 'emergency');
    turn.isAnswered = replies.length > 0;
    turn.at = String(body.at ?? turn.at);
    turn.view.at(turn.at);
    this.#show(turn, replies);
    this.#announce(replies.slice(earlier), turn);
    if (isFollowed) this.view.log.scrollToAnswer(turn.view);
  }

  /** @param {Turn} turn @param {Reply[]} replies */
  #show(turn, replies) {
    turn.replies = replies;
    turn.view.answers(replies, turn.at);
    // The server's own guidance takes the place of the card. Any other answer leaves it: in doubt the number stays.
    if (replies.some((reply) => reply.level === 'emergency')) turn.view.localCard(null);
    if (turn !== this.turns[this.turns.length - 1]) turn.view.outdate();
  }

  /** @param {Reply[]} replies @param {Turn} [turn] */
  #announce(replies, turn) {
    for (const reply of replies) {
      const isKnown = turn?.hasLocalCard && reply.text === this.settings.emergency.text;
      const isFirstAlarm = reply.level === 'emergency' && !turn?.hasLocalCard;
      if (isFirstAlarm) this.view.announcer.sayNow(reply.text);
      else if (!isKnown) this.view.announcer.say([reply.text, reply.notice].filter(Boolean).join('\n'));
      this.view.countUnread();
    }
    // An emergency must not wait behind a closed panel. The focus stays where the person is.
    if (!this.view.isOpen && replies.some((reply) => reply.level === 'emergency')) this.view.open(false);
  }

  /** @param {import('./contract.js').PastMessage[]} messages in their order */
  past(messages) {
    const isAtEnd = this.view.log.isAtEnd();
    for (const message of messages) {
      const turn = this.#find(message.id) ?? this.#pastTurn(message);
      if (message.from === 'person') this.#heard(turn);
      else if (!turn.isAnswered) this.#show(turn, [...turn.replies, message.reply]);
      this.#lastFromServer = turn.id;
    }
    const newest = this.turns[this.turns.length - 1];
    if (newest) this.view.log.outdate(newest.id);
    if (isAtEnd && messages.length) this.view.log.scrollToNewest();
  }

  /** @param {import('./contract.js').PastMessage} message */
  #pastTurn({ id, from, text, at }) {
    const turn = this.#turn(id, from === 'person' ? text : '', at, this.#lastFromServer);
    this.#heard(turn);
    return turn;
  }

  /** The server has this message. @param {Turn} turn */
  #heard(turn) {
    turn.state = 'sent';
    turn.view.state('sent');
  }

  /** Another chat follows: its history comes after all that is settled on screen. */
  begin() {
    const settled = this.turns.filter((turn) => turn.state === 'sent' || turn.state === 'refused');
    this.#lastFromServer = settled.length ? settled[settled.length - 1].id : '';
  }

  clear() {
    this.turns = [];
    this.#lastFromServer = '';
    this.view.log.clear();
  }
}
