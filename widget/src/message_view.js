import { STAFF } from './contract.js';
import { hidden, icon, make } from './dom.js';
import { callButtons } from './numbers_view.js';
import { STRINGS } from './strings.js';
import { blocks } from './text_view.js';
import { sourceDate } from './times.js';

/**
 * @typedef {import('./contract.js').Settings} Settings
 * @typedef {import('./contract.js').Reply} Reply
 * @typedef {import('./contract.js').Source} Source
 * @typedef {import('./contract.js').NextQuestion} NextQuestion
 */

/**
 * One message of the bot, or of the clinic's staff.
 *
 * @param {Reply} reply
 * @param {Settings} settings
 * @param {(question: NextQuestion) => void} ask called with the next question that was chosen
 */
export function replyView(reply, settings, ask) {
  const isOfStaff = reply.answerId === STAFF;
  const attributes = { class: `message bot level-${reply.level}${isOfStaff ? ' staff' : ''}` };
  const message = make('div', attributes, hidden(isOfStaff ? STRINGS.staff : STRINGS.bot), ...heading(reply));
  // The button comes before the words: it is in sight on the smallest phone.
  if (reply.level === 'emergency') message.append(calls(reply, settings));
  message.append(...blocks(reply.text, settings.numbers));
  if (reply.notice) message.append(make('p', { class: 'notice', dir: 'auto' }, reply.notice));
  if (reply.sources.length) message.append(sources(reply.sources));
  if (reply.buttons.length) message.append(nextQuestions(reply.buttons, ask));
  return message;
}

/** @param {Reply} reply */
function heading({ level }) {
  const titles = { emergency: STRINGS.emergencyCard, advisory: STRINGS.advisoryCard, information: '', none: '' };
  return titles[level] ? [make('h3', {}, icon('alert'), titles[level])] : [];
}

/** @param {Reply} reply @param {Settings} settings */
function calls(reply, settings) {
  return make('div', { class: 'calls' }, ...callButtons(settings, reply.answerId === 'self_harm'));
}

/** @param {Source[]} list */
function sources(list) {
  const summary = make('summary', {}, `${STRINGS.sources} (${list.length})`);
  return make('details', { class: 'sources' }, summary, make('ul', {}, ...list.map(source)));
}

/** @param {Source} source only an https address becomes a link */
function source({ title, url, readOn }) {
  const item = make('li', {}, url.startsWith('https://') ? sourceLink(title, url) : `${title} (${url})`);
  if (readOn) item.append(', ', make('span', { class: 'read-on' }, `${STRINGS.readOn} ${sourceDate(readOn)}`));
  return item;
}

/** @param {string} title @param {string} url */
function sourceLink(title, url) {
  return make('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, title, hidden(` ${STRINGS.newTab}`));
}

/** @param {NextQuestion[]} questions @param {(question: NextQuestion) => void} ask */
function nextQuestions(questions, ask) {
  const group = make('div', { class: 'questions', role: 'group', 'aria-label': STRINGS.nextQuestions });
  group.append(...questions.map((question) => questionButton(question, ask)));
  return group;
}

/** @param {NextQuestion} question @param {(question: NextQuestion) => void} ask */
function questionButton(question, ask) {
  const button = make('button', { type: 'button', dir: 'auto', 'data-payload': question.payload }, question.title);
  button.addEventListener('click', () => button.getAttribute('aria-disabled') || ask(question));
  return button;
}

/**
 * "Yes" and "No" answer the question that was asked just now; pressed later they would answer another one. Questions by
 * their topic mean the same at any time and stay. The button keeps its place, so that the focus on it is not lost.
 *
 * @param {HTMLElement} part
 */
export function outdateButtons(part) {
  for (const button of part.querySelectorAll('.questions button:not([data-payload^="/ask_"])')) {
    button.setAttribute('aria-disabled', 'true');
  }
}
