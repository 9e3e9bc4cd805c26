/** @typedef {import('./contract.js').Reply} Reply */

/**
 * Tells of replies that are new to the person: to a screen reader, by the count on the launcher, and an emergency by opening
 * the panel.
 */
export class ReplyAnnouncer {
  /**
   * @param {Reply} emergency the guidance that is shown without the server
   * @param {import('./view.js').View} view
   */
  constructor(emergency, view) {
    this.emergency = emergency;
    this.view = view;
  }

  /** The guidance without the server is on screen. */
  guidance() {
    this.#announce([this.emergency], false);
  }

  /**
   * The replies to a message, each of them once however often it comes.
   *
   * @param {import('./turn.js').Turn} turn
   */
  replies(turn) {
    const news = turn.replies.slice(turn.announced);
    turn.announced += news.length;
    this.#announce(news, turn.hasLocalCard);
  }

  /** @param {Reply[]} replies @param {boolean} isAlarmed whether the guidance without the server was told before */
  #announce(replies, isAlarmed) {
    for (const reply of replies) {
      const isKnown = isAlarmed && reply.text === this.emergency.text;
      if (reply.level === 'emergency' && !isAlarmed) this.view.announcer.sayNow(reply.text);
      else if (!isKnown) this.view.announcer.say([reply.text, reply.notice].filter(Boolean).join('\n'));
      this.view.countUnread();
    }
    // An emergency must not wait behind a closed panel. The focus stays where the person is.
    if (!this.view.isOpen && replies.some((reply) => reply.level === 'emergency')) this.view.open(false);
  }
}
