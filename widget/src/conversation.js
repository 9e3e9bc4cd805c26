import { readReplies } from './contract.js';
import { hasEmergencyWords, isYes } from './emergency_words.js';
import { newId } from './ids.js';
import { ReplyAnnouncer } from './reply_announcer.js';
import { STRINGS } from './strings.js';
import { isAskedWhetherNow, isSettled, newTurn } from './turn.js';

/** The server answers an emergency within a second; after this long the network is to blame. */
const PATIENCE_MS = 4000;
/** The id of every answer about a person's own words, a deletion's receipt among them. */
const PRIVACY = 'privacy';

/**
 * What was said, and what is shown of it. A message and its answers share one id, and what the server says for an id takes
 * the place of what was shown for it: so everything is on screen exactly once, whichever way and however often it comes.
 *
 * @typedef {import('./contract.js').Reply} Reply
 * @typedef {import('./turn.js').Turn} Turn
 */
export class Conversation {
  /** @type {Turn[]} */
  turns = [];
  /** The message after which older ones from the history belong. */
  #lastFromServer = '';
  /** The message whose answer may be a deletion's receipt: what is newer was not deleted. '' where there is none. */
  #receipt = '';
  /** Whether all that was said before is here: what comes now is new. */
  #isLoaded = false;
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
    this.announcer = new ReplyAnnouncer(settings.emergency, view);
  }

  /** @param {string} text what is sent @param {string} [shown] what is shown of it: a button's title */
  say(text, shown = text) {
    const isOwnWords = text === shown;
    const isUrgent = (isOwnWords && hasEmergencyWords(text)) || (isYes(text) && isAskedWhetherNow(this.turns));
    const turn = this.#turn(newId(), shown, new Date().toISOString());
    Object.assign(turn, { isOfThisPage: true, isOwnWords, isUrgent });
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
    const turn = newTurn(id, text, at, view);
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
    const isWaiting = this.turns.includes(turn) && !turn.replies.length;
    if (!isWaiting || turn.hasLocalCard || !turn.isUrgent) return;
    turn.hasLocalCard = true;
    turn.view.localCard(this.settings.emergency);
    this.announcer.guidance();
    this.view.log.scrollToAnswer(turn.view);
  }

  /** @param {string} id @param {Record<string, any>} body the server's answer to a message */
  answer(id, body) {
    const turn = this.#find(id);
    if (!turn || turn.isAnswered) return;
    const replies = readReplies(body.replies);
    turn.isAnswered = replies.length > 0;
    turn.at = String(body.at ?? turn.at);
    turn.view.at(turn.at);
    if (replies.some((reply) => reply.answerId === PRIVACY)) this.#receipt = id;
    this.#reply(turn, replies);
  }

  /**
   * Replies to what was said on this page, whichever way they come.
   *
   * @param {Turn} turn
   * @param {Reply[]} replies all so far
   */
  #reply(turn, replies) {
    const isFollowed = this.view.log.isAtEnd() || replies.some((reply) => reply.level === 'emergency');
    this.#show(turn, replies);
    this.announcer.replies(turn);
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

  /** @param {import('./contract.js').PastMessage[]} messages in their order */
  past(messages) {
    const isAtEnd = this.view.log.isAtEnd();
    for (const message of messages) {
      const turn = this.#find(message.id) ?? this.#pastTurn(message);
      if (message.from === 'person') this.#heard(turn);
      else if (!turn.isAnswered) this.#pastReply(turn, message.reply);
      // What the server still has was not deleted, nor did it delete.
      if (turn.id === this.#receipt) this.#receipt = '';
      this.#lastFromServer = turn.id;
    }
    this.#isLoaded = true;
    const newest = this.turns[this.turns.length - 1];
    if (newest) this.view.log.outdate(newest.id);
    if (isAtEnd && messages.length) this.view.log.scrollToNewest();
  }

  /** @param {import('./contract.js').PastMessage} message */
  #pastTurn({ id, from, text, at }) {
    const turn = this.#turn(id, from === 'person' ? text : '', at, this.#lastFromServer);
    this.#heard(turn);
    // What staff write while the page is open is told of as an answer is.
    turn.isOfThisPage = from === 'staff' && (this.#isLoaded || this.turns.some((earlier) => earlier.isOfThisPage));
    return turn;
  }

  /** @param {Turn} turn @param {Reply} reply */
  #pastReply(turn, reply) {
    const replies = [...turn.replies, reply];
    if (turn.isOfThisPage) this.#reply(turn, replies);
    else this.#show(turn, replies);
  }

  /** The server has this message. @param {Turn} turn */
  #heard(turn) {
    turn.state = 'sent';
    turn.view.state('sent');
  }

  /** Another chat follows: its history comes after all that is settled on screen. */
  begin() {
    this.#isLoaded = false;
    this.#lastFromServer = this.turns.filter(isSettled).pop()?.id ?? '';
    this.#receipt = '';
  }

  /** The conversation was deleted: what was said before leaves the screen. The receipt stays, and what is still to be sent. */
  deleted() {
    const receipt = this.turns.findIndex((turn) => turn.id === this.#receipt);
    const earlier = receipt < 0 ? this.turns : this.turns.slice(0, receipt);
    const gone = new Set(earlier.filter(isSettled));
    for (const turn of gone) this.view.log.remove(turn.id);
    this.turns = this.turns.filter((turn) => !gone.has(turn));
    this.#lastFromServer = this.#receipt;
    this.#receipt = '';
  }

  clear() {
    this.turns = [];
    this.#isLoaded = false;
    this.#lastFromServer = '';
    this.#receipt = '';
    this.view.log.clear();
  }
}
