/**
 * Every word of the interface. Plain English, and nothing medical: what is said about the medicine or about an emergency
 * comes from the server's vetted texts.
 */
export const STRINGS = {
  launcher: 'Questions about baclofen?',
  title: 'Questions about baclofen',
  conversation: 'Conversation',
  close: 'Close the chat',
  menu: 'More choices',
  leave: 'Leave quickly',
  leaveHint: 'Leave quickly: clears this chat from the screen and goes to another website',

  numbersLabel: 'Phone numbers for help',
  emergency: 'Emergency',
  crisis: 'Crisis line',
  clinic: 'Clinic',
  out_of_hours: 'Out of hours',
  call: 'Call',

  inputLabel: 'Your message',
  placeholder: 'Type your question',
  send: 'Send',
  you: 'You said:',
  bot: 'Answer:',
  staff: 'Written by a person:',
  typing: 'An answer is being written',
  sources: 'Sources',
  readOn: 'read on',
  newTab: '(opens in a new tab)',
  nextQuestions: 'You can ask',
  emergencyCard: 'Emergency',
  advisoryCard: 'Important',

  sending: 'Sending…',
  sent: 'Sent',
  unsent: 'Not sent. Tap to try again',
  waiting: 'Waiting. It will be sent soon.',
  refused: 'Could not be sent.',
  newChat: 'The last chat has ended. A new chat was started. What you wrote before is still on this screen.',
  loading: 'Loading what was said before…',

  copy: 'Copy transcript',
  copied: 'The transcript was copied.',
  notCopied: 'The transcript could not be copied.',
  remember: 'Remember on this device',
  rememberHint: 'Keeps this chat open when you close the page, until it ends. Do not use this on a device you share.',
  clear: 'Clear this chat',
  clearTitle: 'Clear this chat?',
  clearText:
    'This takes the chat off this screen. What you sent stays with the clinic until its time for keeping chats is over. ' +
    'To have it deleted there, do not clear it yet: type “delete my conversation” and send it first.',
  clearYes: 'Clear the chat',
  clearNo: 'Keep the chat',
  cleared: 'The chat was cleared.',

  transcriptYou: 'You',
  transcriptBot: 'Answer',
  transcriptStaff: 'Written by a person',
  transcriptSource: 'Source',
  transcriptUnsent: '(not sent)',
};

/** @param {number} count */
export const newMessages = (count) => (count === 1 ? '1 new message' : `${count} new messages`);

/** @param {number} left how many characters can still be typed; below 0 it is too long already */
export function charactersLeft(left) {
  if (left === 1) return '1 character left';
  if (left >= 0) return `${left} characters left`;
  return `Too long by ${-left}. Please make it shorter, or send it in two parts.`;
}

/** @param {boolean} hasNetwork @param {string} emergencyNumber '' where the clinic names none */
export function offline(hasNetwork, emergencyNumber) {
  const call = emergencyNumber ? `call ${emergencyNumber}` : 'call your emergency number';
  const why = hasNetwork ? 'The chat cannot be reached.' : 'You are offline.';
  return `${why} Keep this page open: your messages are kept here and sent when the connection is back. In an emergency, ${call}.`;
}
