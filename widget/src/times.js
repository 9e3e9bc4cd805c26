import { make } from './dom.js';

const SOURCE_DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/**
 * @param {Date} date
 * @returns {string} the time as people write it here, with the day where it was not today
 */
export function clock(date) {
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
  return isToday ? time : `${date.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${time}`;
}

/**
 * @param {string} at ISO
 * @returns {HTMLElement | string} '' where it is no time
 */
export function time(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : make('time', { datetime: at }, clock(date));
}

/**
 * @param {string} iso such as 2026-11-23
 * @returns {string} 23 Nov 2026; the text itself where it is no date
 */
export function sourceDate(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : SOURCE_DATE.format(date);
}
