/** Quotes, brackets and comments in English text, read as the language reads them. */

const CLOSING = { '"': '"', '"""': '"""', "'''": "'''", '“': '”' };
const MARK = /"""|'''|["“”(){}[\]]|\\.|(?<!\S)#(?!\S)/g;
const SINGLE_QUOTED = /(?<![^\s([{,:;=<>+*/|%!~-])'(?!'')(?:[^']|'')*'(?![^\s)\]},;:.?=<>+*/|%!~-])/g;

/**
 * @typedef {Object} Marks What is open after the lines read so far.
 * @property {string} quote the text that would close the open quote, "" where none is
 * @property {number} brackets how many brackets are open
 */

/** @returns {Marks} nothing open */
export const noMarks = () => ({ quote: '', brackets: 0 });

/**
 * Read one line.
 *
 * @param {string} text the line
 * @param {Marks} marks what is open before it; afterwards what is open behind it
 * @returns {{strings: Array<[number, number]>, comment: number}} where text in quotes stands, where the comment begins
 */
export function readMarks(text, marks) {
  const strings = [];
  let opened = 0;
  for (let position = 0, found; (found = nextMark(text, position, marks, strings)); ) {
    const [mark] = found;
    position = found.index + mark.length;
    if (marks.quote) {
      if (mark.startsWith(marks.quote)) {
        position = found.index + marks.quote.length;
        marks.quote = '';
        strings.push([opened, position]);
      }
    } else if (mark === '#') {
      return { strings, comment: found.index };
    } else if (mark in CLOSING) {
      if (!(mark === '"' && /\d/.test(text[found.index - 1] ?? ''))) {
        marks.quote = CLOSING[mark];
        opened = found.index;
      }
    } else if ('([{'.includes(mark)) {
      marks.brackets += 1;
    } else if (')]}'.includes(mark)) {
      marks.brackets = Math.max(0, marks.brackets - 1);
    }
  }
  if (marks.quote) {
    strings.push([opened, text.length]);
  }
  return { strings, comment: text.length };
}

/** The next mark that counts: outside quotes, one that no single quotes enclose. These are noted as strings. */
function nextMark(text, position, marks, strings) {
  while (true) {
    MARK.lastIndex = SINGLE_QUOTED.lastIndex = position;
    const mark = MARK.exec(text);
    const quoted = marks.quote ? null : SINGLE_QUOTED.exec(text);
    if (quoted === null || (mark !== null && quoted.index > mark.index)) {
      return mark;
    }
    position = quoted.index + quoted[0].length;
    strings.push([quoted.index, position]);
  }
}
